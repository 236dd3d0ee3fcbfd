package dev.tidemill.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.CountCalendar;
import dev.tidemill.definition.BatchRule.LatePolicy;
import dev.tidemill.definition.Origin.Format;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DefinitionReaderTest {
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  @ParameterizedTest
  @MethodSource("dev.tidemill.definition.Examples#good")
  void a_good_definition_has_no_problems(Path yaml) {
    assertThat(DefinitionReader.read(yaml, Examples.ENVIRONMENT).problems()).isEmpty();
  }

  @Test
  void reads_the_name_and_the_description() {
    assertThat(good("flights"))
        .returns("daily-departures", PipelineDefinition::name)
        .returns(
            "Departures and delay per origin, one batch a day", PipelineDefinition::description);
  }

  @Test
  void reads_paths_to_fields_within_records() {
    SourceDefinition orders = good("within-records").sources().get(0);
    assertThat(orders.key()).contains("customer.id");
    assertThat(orders.eventTime().field()).isEqualTo("customer.first.seen");
    assertThat(orders.dedupe().orElseThrow().by()).containsExactly("customer.id", "amount");
  }

  @Test
  void reads_the_batch_rule() {
    BatchRule batch = good("flights").batch();
    assertThat(batch)
        .isEqualTo(
            new BatchRule(
                "@daily",
                NEW_YORK,
                batch.calendar(),
                BatchRule.Clock.EVENT,
                Duration.ofHours(2),
                Duration.ofMillis(500),
                LatePolicy.REJECT,
                Duration.ofDays(14),
                Duration.ofHours(1),
                Duration.ofMinutes(1),
                new MaxRejects(Optional.of(2.5), Optional.of(1_000L)),
                Optional.of(Duration.ofSeconds(10))));
  }

  @Test
  void reads_what_becomes_of_late_records() {
    assertThat(good("topic-with-jump").batch())
        .returns(LatePolicy.AMEND, BatchRule::late)
        .returns(Duration.ofMinutes(5), BatchRule::amendAfter);
  }

  @Test
  void reads_one_limit_of_rejects() {
    assertThat(good("dedupe").batch().maxRejects())
        .isEqualTo(new MaxRejects(Optional.of(10.0), Optional.empty()));
    assertThat(good("gates").batch().maxRejects())
        .isEqualTo(new MaxRejects(Optional.empty(), Optional.of(1_000L)));
    assertThat(good("smallest").batch().maxRejects()).isEqualTo(MaxRejects.ANY);
  }

  @Test
  void the_calendar_is_that_of_the_rule() {
    assertThat(good("flights").batch().calendar().batchOf(Instant.parse("2001-04-01T12:00:00Z")))
        .hasToString("[2001-04-01T05:00:00Z, 2001-04-02T04:00:00Z)");
  }

  @Test
  void a_fixed_length_begins_at_its_offset_in_any_zone() {
    BatchRule batch = good("length").batch();
    assertThat(batch.every()).isEqualTo("6h offset 2h");
    assertThat(batch.calendar().batchOf(Instant.parse("2001-04-01T12:00:00Z")))
        .hasToString("[2001-04-01T08:00:00Z, 2001-04-01T14:00:00Z)");
  }

  @Test
  void by_the_clock_of_the_wall_a_source_needs_no_event_time() {
    PipelineDefinition wall = good("wall");
    assertThat(wall.batch())
        .returns(BatchRule.Clock.WALL, BatchRule::clock)
        .returns("@hourly clock wall", BatchRule::every);
    assertThat(wall.sources()).allMatch(source -> source.eventTime().isRecordTimestamp());
  }

  @Test
  void reads_batches_of_records() {
    PipelineDefinition records = good("records");
    assertThat(records.batch())
        .returns(BatchRule.Clock.RECORDS, BatchRule::clock)
        .returns(new CountCalendar(50_000), BatchRule::calendar);
    assertThat(records.sources()).allMatch(source -> source.eventTime().isRecordTimestamp());
  }

  @Test
  void a_batch_rule_has_defaults() {
    BatchRule batch = good("smallest").batch();
    assertThat(batch)
        .isEqualTo(
            new BatchRule(
                "0 */6 * * *",
                ZoneOffset.UTC,
                batch.calendar(),
                BatchRule.Clock.EVENT,
                Duration.ZERO,
                Duration.ofSeconds(30),
                LatePolicy.REJECT,
                Duration.ofDays(7),
                Duration.ofHours(1),
                Duration.ofMinutes(1)));
  }

  @Test
  void file_paths_are_relative_to_the_definition() {
    assertThat(source("flights").origin())
        .isEqualTo(
            new Origin.Files(
                Examples.GOOD.toAbsolutePath().resolve("data/flights-*.jsonl"),
                Format.JSON,
                FileLayout.PLAIN,
                Publishing.to(2),
                Optional.empty()));
  }

  @Test
  void reads_how_files_are_laid_out() {
    assertThat(((Origin.Files) source("layout").origin()).layout())
        .isEqualTo(
            new FileLayout(
                Optional.of(FileLayout.Compression.ZSTD),
                Charset.forName("windows-1252"),
                new CsvDialect('\t', '\'', false, Optional.of("\\N"))));
  }

  @Test
  void reads_a_topic() {
    assertThat(source("topic-with-jump").origin())
        .isEqualTo(
            new Origin.Topic("flights", Format.JSON, Optional.of(Duration.ofMinutes(90)), false));
    assertThat(source("smallest").origin())
        .isEqualTo(new Origin.Topic("flights.v1", Format.AVRO, Optional.empty(), true));
  }

  @Test
  void a_source_of_texts_has_one_column_unless_its_schema_says_another() {
    SourceDefinition lines = good("formats").sources().get(0);
    assertThat(lines.schema().getFields()).extracting(Schema.Field::name).containsExactly("text");
    assertThat(lines.eventTime().isRecordTimestamp()).isTrue();
  }

  @Test
  void reads_the_event_time() {
    assertThat(source("flights").eventTime())
        .isEqualTo(new EventTime("date", Optional.of("yyyy/MM/dd HH:mm"), NEW_YORK));
  }

  @Test
  void an_event_time_without_a_zone_is_in_that_of_the_batch() {
    assertThat(source("topic-with-jump").eventTime())
        .isEqualTo(new EventTime("date", Optional.empty(), ZoneId.of("+02:00")));
  }

  @Test
  void reads_key_and_rules() {
    assertThat(source("flights"))
        .returns(Optional.of("origin"), SourceDefinition::key)
        .returns(
            Map.of("distance-is-positive", Expectation.reject("distance > 0")),
            SourceDefinition::expect);
  }

  @Test
  void reads_which_records_are_the_same() {
    assertThat(good("dedupe").sources())
        .extracting(SourceDefinition::dedupe)
        .containsExactly(
            Optional.of(new Dedupe(List.of("origin", "date"), Optional.of(Duration.ofHours(24)))),
            Optional.of(new Dedupe(List.of("origin"), Optional.empty())));
  }

  @Test
  void reads_the_targets_with_variables_resolved() {
    assertThat(good("flights").targets())
        .containsExactly(
            new TargetDefinition.Postgres(
                "jdbc:postgresql://localhost/x?password=" + Examples.SECRET,
                "reports.daily_departures"),
            new TargetDefinition.DuckDb(
                Examples.GOOD.toAbsolutePath().resolve("out/warehouse.duckdb"),
                "daily_departures"));
  }

  @Test
  void what_could_be_read_is_there_when_something_is_wrong() {
    Reading reading =
        DefinitionReader.read(Examples.BAD.resolve("many-at-once.yaml"), Examples.ENVIRONMENT);
    assertThat(reading.queries().get(0).sql()).contains("SELECT * FROM flights");
    assertThat(reading.sources()).allMatch(source -> source.schema().isPresent());
  }

  @Test
  void a_problem_names_the_file_as_the_user_did() {
    Reading reading =
        DefinitionReader.read(Examples.BAD.resolve("unknown-key.yaml"), Examples.ENVIRONMENT);
    assertThat(reading.problems().get(0))
        .hasToString(
            "src/test/resources/definitions/bad/unknown-key.yaml:4:3: "
                + "unknown key 'timezon'; did you mean 'timezone'?");
  }

  @Property(tries = 400)
  void damage_to_a_file_gives_problems_and_never_an_exception(
      @ForAll @IntRange(max = 900) int at,
      @ForAll @IntRange(max = 30) int removed,
      @ForAll
          @StringLength(max = 4)
          @Chars({':', '-', '"', '\'', '{', '}', '[', '&', '*', '!', '|', '>', '\n', '\t', '#'})
          @CharRange(from = ' ', to = '~')
          String inserted)
      throws IOException {
    String whole = Files.readString(Examples.GOOD.resolve("flights.yaml"));
    int from = Math.min(at, whole.length());
    String damaged =
        whole.substring(0, from)
            + inserted
            + whole.substring(Math.min(from + removed, whole.length()));
    Path file = Files.createTempFile("damaged", ".yaml");
    try {
      Reading reading =
          DefinitionReader.read(Files.writeString(file, damaged), Examples.ENVIRONMENT);
      assertThat(reading.definition().isPresent()).isEqualTo(reading.problems().isEmpty());
    } finally {
      Files.delete(file);
    }
  }

  private static PipelineDefinition good(String name) {
    return DefinitionReader.read(Examples.GOOD.resolve(name + ".yaml"), Examples.ENVIRONMENT)
        .definition()
        .orElseThrow();
  }

  private static SourceDefinition source(String name) {
    List<SourceDefinition> sources = good(name).sources();
    assertThat(sources).hasSize(1);
    return sources.get(0);
  }
}
