package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rejects} on a broker: what a run has rejected can be counted and looked at. */
final class RejectsCommandTest {
  @TempDir static Path folder;

  private static Project project;

  @BeforeAll
  static void a_run_with_rejects_of_every_step() {
    project =
        Project.in(folder)
            .withOwnName()
            .expect("distance-is-positive", "distance > 0")
            .sql("SELECT origin, SUM(distance / delay) AS pace FROM flights GROUP BY origin")
            .intoDuckDb()
            .data(
                "flights.csv",
                Project.HEADER
                    + "2001/01/01 08:00,10,100,JFK,BOS\n"
                    + "2001/01/01 08:10,10,0,JFK,BOS\n"
                    + "2001/01/01 08:20,0,100,JFK,BOS\n"
                    + "2001/01/01 08:30,much,100,JFK,BOS\n"
                    + "2001/01/01 08:40,more,100,JFK,BOS\n"
                    + "2001/01/02 08:00,10,100,JFK,BOS\n"
                    + "2001/01/01 09:00,10,100,JFK,BOS\n");
    Tidemill.Outcome run =
        Tidemill.run("run", project.pipeline(), "--config", server(), "--until-complete");
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  @Test
  void more_of_them_than_permitted_pause_the_run_until_a_person_says_go_on(@TempDir Path other) {
    Project paused =
        Project.in(other)
            .withOwnName()
            .expect("distance-is-positive", "distance > 0")
            .maxRejects("{share: 50%, in-a-row: 2}")
            .from("file: {path: \"data/*.csv\", format: csv, partitions: 1}")
            .intoDuckDb()
            .data(
                "flights.csv",
                Project.HEADER
                    + "2001/01/01 08:00,10,100,JFK,BOS\n"
                    + "2001/01/01 08:10,10,0,JFK,BOS\n".repeat(40)
                    + "2001/01/01 08:20,10,200,JFK,BOS\n");
    String[] run = {
      "run",
      paused.pipeline().toString(),
      "--config",
      SharedCluster.server(paused).toString(),
      "--until-complete"
    };
    Tidemill.Outcome first = Tidemill.run((Object[]) run);
    assertThat(first.exitCode()).as(first.err()).isEqualTo(1);
    String why = pause(first);
    assertThat(why)
        .startsWith(
            "tidemill: PAUSED before tidemill.%s.source.flights-0@3: 3 records in a row were rejected"
                .formatted(paused.name()))
        .contains("expect: distance-is-positive")
        .endsWith("or go on with 'run --ignore-max-rejects'.");
    assertThat(first.err())
        .as("it is said once, and no failure")
        .containsOnlyOnce("records in a row were rejected")
        .doesNotContain(" ERROR ", "\tat ");

    assertThat(first.out())
        .containsPattern(
            "PAUSED before \\S+@3\\. Every book balances: \\d+ records read, each accounted for.");

    assertThat(pause(Tidemill.run((Object[]) run))).as("it never loops").isEqualTo(why);
    assertThat(batches(paused).err()).contains(why);

    Tidemill.Outcome on =
        Tidemill.run(Stream.concat(Stream.of(run), Stream.of("--ignore-max-rejects")).toArray());
    assertThat(on.exitCode()).as(on.err()).isZero();
    assertThat(on.out()).contains("Every book balances: 42 records read");
    assertThat(batches(paused).err()).doesNotContain("PAUSED");
    assertThat(Table.query(paused.warehouseUrl(), "SELECT departures, miles FROM departures"))
        .isEqualTo(List.of(List.of(2L, 300L)));
  }

  private static String pause(Tidemill.Outcome run) {
    return run.err()
        .lines()
        .filter(line -> line.startsWith("tidemill: PAUSED"))
        .findFirst()
        .orElse("");
  }

  private static Tidemill.Outcome batches(Project of) {
    return Tidemill.run("batches", of.name(), "--config", SharedCluster.server(of));
  }

  @Test
  void list_counts_them_by_batch_step_and_reason() {
    Tidemill.Outcome list = rejects("list");
    assertThat(list.exitCode()).as(list.err()).isZero();
    assertThat(list.out().lines().skip(2))
        .hasSize(4)
        .anyMatch(line -> line.matches("  - +extract +2 +field 'delay'.*'…'.*"))
        .anyMatch(line -> line.matches("  2001-01-01T05:00:00Z +expect +1 +distance-is-positive"))
        .anyMatch(line -> line.matches("  2001-01-01T05:00:00Z +sql +1 +.*division by zero"))
        .anyMatch(line -> line.matches("  2001-01-01T05:00:00Z +late +1 +the record of … .*"));
  }

  @Test
  void list_as_json_has_an_object_for_each_count() throws Exception {
    List<JsonNode> counts = json(rejects("list", "--json"));
    assertThat(counts)
        .extracting(count -> count.get("rejects").asLong())
        .containsExactly(2L, 1L, 1L, 1L);
    assertThat(counts.get(0).get("batch").isNull()).isTrue();
  }

  @Test
  void show_tells_the_place_the_line_the_reason_and_the_record() throws Exception {
    List<JsonNode> shown = json(rejects("show", "--json", "--step", "late"));
    assertThat(shown).hasSize(1);
    JsonNode late = shown.get(0);
    assertThat(late.get("place").asText())
        .matches("tidemill\\." + project.name() + "\\.source\\.flights-[0-9]+@[0-9]+");
    assertThat(late.get("line").asText()).isEqualTo("flights.csv:8");
    assertThat(late.get("batch").asText()).isEqualTo("2001-01-01T05:00:00Z");
    assertThat(late.get("reason").asText()).contains("after its batch 2001-01-01T05:00:00Z");
    assertThat(late.get("valueForm").asText()).isEqualTo("avro");
    assertThat(late.get("value").get("date").asText()).isEqualTo("2001/01/01 09:00");
    assertThat(late.get("headers"))
        .anySatisfy(
            header -> {
              assertThat(header.get("name").asText()).isEqualTo("tidemill.id");
              assertThat(header.get("value").asText()).isEqualTo("flights.csv:8");
            });
  }

  @Test
  void a_row_that_could_not_be_read_is_shown_as_the_text_that_it_is() throws Exception {
    List<JsonNode> shown = json(rejects("show", "--json", "--batch", "none"));
    assertThat(shown)
        .extracting(reject -> reject.get("value").asText())
        .containsExactlyInAnyOrder(
            "2001/01/01 08:30,much,100,JFK,BOS", "2001/01/01 08:40,more,100,JFK,BOS");
    assertThat(shown).allMatch(reject -> reject.get("valueForm").asText().equals("text"));
  }

  @Test
  void show_goes_on_where_it_stopped() throws Exception {
    Tidemill.Outcome first = rejects("show", "--json", "--limit", "3");
    assertThat(json(first)).hasSize(3);
    String next = first.err().replaceAll("(?s).*go on with --offset ([0-9]+).*", "$1");
    Tidemill.Outcome second = rejects("show", "--json", "--offset", next);
    assertThat(json(second)).hasSize(2);
    assertThat(second.err()).doesNotContain("go on with");
    assertThat(json(rejects("show", "--json")).stream().map(reject -> reject.get("place")))
        .doesNotHaveDuplicates()
        .hasSize(5);
  }

  @Test
  void for_people_a_reject_is_json_over_several_lines() {
    assertThat(rejects("show", "--step", "expect").out())
        .startsWith("{\n")
        .contains("\"reason\" : \"distance-is-positive\"", "\"distance\" : 0");
    assertThat(rejects("show", "--batch", "2001-01-02T05:00:00Z").err())
        .contains("No such reject.");
  }

  @Test
  void wrong_use_is_told_with_what_to_write() {
    assertThat(rejects("show", "--batch", "yesterday"))
        .satisfies(outcome -> assertThat(outcome.exitCode()).isEqualTo(2))
        .satisfies(outcome -> assertThat(outcome.err()).contains("'yesterday' is no batch"));
    assertThat(Tidemill.run("rejects", "any"))
        .satisfies(outcome -> assertThat(outcome.exitCode()).isEqualTo(2))
        .satisfies(outcome -> assertThat(outcome.err()).contains("'list' or 'show'"));
    FewFlights.assertUnavailable(
        Tidemill.run("rejects", "nobodys", "list", "--config", server()),
        "no pipeline 'nobodys' has run on");
  }

  private static Tidemill.Outcome rejects(String... what) {
    return Tidemill.run(
        Stream.concat(
                Stream.of("rejects", project.name()),
                Stream.concat(Stream.of(what), Stream.of("--config", server())))
            .toArray());
  }

  private static Path server() {
    return SharedCluster.server(project);
  }

  private static List<JsonNode> json(Tidemill.Outcome outcome) throws Exception {
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : outcome.out().lines().toList()) {
      nodes.add(new ObjectMapper().readTree(line));
    }
    return nodes;
  }
}
