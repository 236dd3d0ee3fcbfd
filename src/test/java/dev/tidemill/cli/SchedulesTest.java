package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemill.definition.ServerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands say of schedules. */
class SchedulesTest {
  private static final Path PIPELINE = Path.of("src/test/resources/definitions/good/schedule.yaml");
  private static final Pattern LINE =
      Pattern.compile("flights is read every weekday at 06:30, Europe/Berlin; next: (.+)");

  @ParameterizedTest
  @ValueSource(strings = {"validate", "plan"})
  void the_words_of_a_schedule_and_its_next_five_firings(String command) {
    Tidemill.Outcome outcome = Tidemill.run(command, PIPELINE);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    List<String> lists =
        LINE.matcher(outcome.out()).results().map(found -> found.group(1)).toList();
    assertThat(lists).hasSize(1);
    assertNextFive(Stream.of(lists.get(0).split(", ")).map(OffsetDateTime::parse).toList());
  }

  @Test
  void the_words_of_a_cron_by_which_batches_begin() {
    Tidemill.Outcome outcome =
        Tidemill.run("validate", "src/test/resources/definitions/good/smallest.yaml");
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .containsPattern(
            "batches begin every day at 00:00, 06:00, 12:00 and 18:00, UTC; next: \\S+T\\d\\d:00Z, ");
  }

  @Test
  void the_same_in_the_json_of_the_plan() throws IOException {
    JsonNode schedules =
        new ObjectMapper()
            .readTree(Tidemill.run("plan", "--json", PIPELINE).out())
            .get("schedules");
    assertThat(schedules).hasSize(1);
    assertThat(schedules.at("/0/source").asText()).isEqualTo("flights");
    assertThat(schedules.at("/0/words").asText())
        .isEqualTo("every weekday at 06:30, Europe/Berlin");
    assertNextFive(texts(schedules.at("/0/next")));
  }

  @Test
  void a_run_by_hand_is_asked_for_and_seen_from_another_process(@TempDir Path folder)
      throws IOException {
    ServerSettings cluster = SharedCluster.settings();
    Files.writeString(folder.resolve("flights-1.csv"), "origin,at\nLAS,2026-01-01T00:00:00Z\n");
    Files.writeString(
        folder.resolve("flight.avsc"),
        """
        {"type": "record", "name": "Flight", "fields": [
          {"name": "origin", "type": "string"}, {"name": "at", "type": "string"}]}
        """);
    Path pipeline =
        Files.writeString(
            folder.resolve("pipeline.yaml"),
            """
            pipeline: by-hand
            batch: {every: "@daily", timezone: UTC}
            sources:
              flights:
                file: {path: flights-*.csv, format: csv}
                schema: flight.avsc
                event-time: at
                schedule: "@yearly"
            sql: SELECT * FROM flights
            load:
              - duckdb: {path: out.duckdb, table: flights}
            """);
    Path config =
        Files.writeString(
            folder.resolve("server.yaml"),
            "brokers: %s\nregistry: %s\nstate-dir: state\n"
                .formatted(cluster.brokers(), cluster.registry()));
    Object[] asked = {"by-hand", "flights", "--config", config};
    ServerSettings settings =
        AnsweringInstance.settings(cluster.brokers(), cluster.registry(), folder.resolve("state"));
    try (AnsweringInstance instance = new AnsweringInstance(pipeline, settings).start()) {
      instance.watchLedger();
      Await.until(
          "it is listed",
          Duration.ofSeconds(30),
          () -> {
            Tidemill.Outcome listed = schedule("list", asked);
            assertThat(listed.exitCode()).as(listed.err()).isLessThan(2);
            return listed.out().contains("flights is read ");
          });
      assertThat(schedule("run", asked).exitCode()).isZero();
      Await.until(
          "it has run",
          Duration.ofSeconds(30),
          () -> schedule("history", asked).out().contains("DONE"));
      JsonNode json =
          new ObjectMapper()
              .readTree(schedule("list", "by-hand", "--json", "--config", config).out());
      assertThat(json.at("/0/runs/0/rows").asLong()).isEqualTo(1);
      assertThat(json.at("/0/next")).hasSize(5);
      assertThat(schedule("pause", asked).exitCode()).isZero();
      Await.until(
          "it is paused",
          Duration.ofSeconds(30),
          () ->
              schedule("list", asked)
                  .out()
                  .contains("; PAUSED: nothing is run until 'schedule resume'"));
      assertThat(schedule("run", asked).out())
          .contains("as soon as it runs, and the schedule, which is paused, is resumed.");
      assertThat(schedule("list", asked).out())
          .contains("  with  cron @yearly, timezone UTC, ")
          .contains(", overlap skip, misfire once, misfire-cap 100, timeout none, retries 3, ");
    }
    Tidemill.Outcome set =
        schedule("set", "by-hand", "flights", "@weekly", "--misfire", "all", "--config", config);
    assertThat(set.exitCode()).isZero(); // which waits, as nobody runs the pipeline
    assertThat(set.out()).startsWith("Told to set cron @weekly, misfire all, and nothing else");
    Tidemill.Outcome unknown = schedule("pause", "by-hand", "trains", "--config", config);
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.err()).contains("source 'trains' has no schedule; these have one: flights");
    assertThat(schedule("list", "by-foot", "--config", config).err())
        .contains("no source of a pipeline 'by-foot'", "'schedule'")
        .containsPattern("Pipelines here: .*by-hand");
    Tidemill.Outcome rate = Tidemill.run("rate", "by-hand", "trains", "5/s", "--config", config);
    assertThat(rate.exitCode()).isEqualTo(3);
    assertThat(rate.err())
        .contains("No source 'trains' of a pipeline 'by-hand'", "there is flights");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "set p s '0 2 * *'         | '0 2 * *'",
        "set p s @wekly            | @wekly",
        "set p s 400d              | 400d",
        "set p s                   | 'schedule set' needs a schedule, such as",
        "set p s 10m --timezone UTC| a length of time is the same in every zone; remove 'timezone'",
        "set p s --timezone UTC    | 'timezone' is said of a cron; write the cron, too",
        "set p s --overlap kill    | unknown overlap 'kill'; write one of skip, queue, cancel-previous",
        "set p s --retries -1 --jitter soon | '-1' can not be used here; write a number from 0 to 100; 'soon' is not a duration",
        "pause p s --overlap queue | only 'schedule set' takes a schedule",
        "set p s @daily --timezone Nowhere/Land | 'Nowhere/Land'",
        "run p s 10m               | only 'schedule set' takes a schedule",
        "reset p                   | 'schedule reset' needs a source"
      },
      quoteCharacter = '"')
  void a_change_that_means_nothing_is_refused_before_anything_is_sent(String line, String why) {
    Object[] arguments =
        Pattern.compile("'([^']*)'|(\\S+)")
            .matcher(line + " --config nowhere.yaml")
            .results()
            .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
            .toArray();
    Tidemill.Outcome refused =
        schedule(arguments[0].toString(), Arrays.copyOfRange(arguments, 1, arguments.length));
    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(2);
    assertThat(refused.err()).contains(why).doesNotContain("nowhere.yaml");
  }

  private static Tidemill.Outcome schedule(String action, Object... arguments) {
    return Tidemill.run(
        Stream.concat(Stream.of("schedule", action), Stream.of(arguments)).toArray());
  }

  private static List<OffsetDateTime> texts(JsonNode array) {
    return Stream.iterate(0, i -> i < array.size(), i -> i + 1)
        .map(i -> OffsetDateTime.parse(array.get(i).asText()))
        .toList();
  }

  private static void assertNextFive(List<OffsetDateTime> next) {
    assertThat(next).hasSize(5).isSorted().doesNotHaveDuplicates();
    assertThat(next)
        .allSatisfy(
            firing -> {
              assertThat(firing.getDayOfWeek()).isLessThanOrEqualTo(DayOfWeek.FRIDAY);
              assertThat(firing.toLocalTime()).hasToString("06:30");
            });
  }
}
