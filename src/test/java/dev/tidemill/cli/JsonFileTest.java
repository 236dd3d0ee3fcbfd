package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.schema.Reject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JSON lines as a source, good ones and bad ones. */
final class JsonFileTest {
  private static final String GOOD =
      "{\"date\": \"%s\", \"delay\": %d, \"distance\": %d, \"origin\": \"%s\","
          + " \"destination\": \"BOS\"}\n";

  @TempDir private Path folder;

  @Test
  void what_can_not_be_read_is_a_reject_with_its_file_and_line_and_is_in_the_books() {
    Project project =
        Project.in(folder)
            .withOwnName()
            .from("file: {path: \"data/*.jsonl\", format: json}")
            .expect("distance-is-positive", "distance > 0")
            .intoDuckDb()
            .data(
                "flights.jsonl",
                GOOD.formatted("2001/01/01 08:00", 10, 100, "JFK")
                    + "{\"date\": \"2001/01/01 08:30\", \"delay\": \"late\"}\n"
                    + "this is no JSON\n"
                    + GOOD.formatted("2001/01/01 09:00", 20, 200, "JFK")
                    + GOOD.formatted("2001/01/01 09:30", 20, 0, "JFK")
                    + GOOD.formatted("the day after", 20, 100, "JFK")
                    + GOOD.formatted("2001/01/02 08:00", -5, 300, "BOS"));
    Tidemill.Outcome outcome =
        Tidemill.run(
            "run",
            project.pipeline(),
            "--config",
            SharedCluster.server(project),
            "--until-complete");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("Every book balances: 7 records read, each accounted for.")
        .contains("3 records belong to no batch; they are in tidemill." + project.name())
        .contains(
            "Why, of the 4 rejects of this run ('tidemill rejects "
                + project.name()
                + " show' has them):")
        .doesNotContain("earlier runs")
        .containsPattern("  1 like \\S+@\\d+: extract: flights.jsonl:3: ")
        .containsPattern(
            "  1 like \\S+@\\d+ \\(flights.jsonl:\\d+\\): event-time: .*'the day after', not a time like ")
        .containsPattern("2001-01-01 00:00 .* 3 +2 +0 +1 +0 +1 +1 +balanced")
        .containsPattern("2001-01-02 00:00 .* 1 +1 +0 +0 +0 +1 +1 +balanced");
    assertThat(Table.query(project.warehouseUrl(), "SELECT SUM(departures) FROM departures"))
        .containsExactly(List.of(3L));

    assertThat(Rejects.of(project.name()))
        .hasSize(4)
        .anySatisfy(
            reject -> assertThat(reject.reason()).startsWith("flights.jsonl:2: ").contains("delay"))
        .anySatisfy(
            reject -> {
              assertThat(reject.reason()).startsWith("flights.jsonl:3: ");
              assertThat(reject.step()).isEqualTo("extract");
              assertThat(Rejects.payload(reject)).isEqualTo("this is no JSON");
            })
        .anySatisfy(
            reject -> {
              assertThat(reject.reason()).isEqualTo("distance-is-positive");
              assertThat(reject.step()).isEqualTo("expect");
            })
        .anySatisfy(
            reject -> {
              assertThat(reject.reason()).contains("the day after");
              assertThat(reject.step()).isEqualTo("event-time");
            });
  }

  @Test
  void rows_are_keyed_dated_and_compared_by_fields_within_records() throws Exception {
    Path schemas = Files.createDirectories(folder.resolve("schemas"));
    Files.writeString(
        schemas.resolve("order.avsc"),
        """
        {"type": "record", "name": "Order", "fields": [
          {"name": "customer", "type": ["null", {"type": "record", "name": "Customer", "fields": [
            {"name": "id", "type": "int"}, {"name": "created", "type": "string"}]}]}]}
        """);
    String line = "{\"customer\": {\"id\": %d, \"created\": \"2001/01/0%d 08:00\"}}\n";
    Project project =
        Project.in(folder)
            .withOwnName()
            .data("flights.csv", Project.HEADER)
            .data(
                "orders.jsonl",
                line.formatted(7, 1)
                    + line.formatted(7, 1)
                    + line.formatted(8, 1)
                    + line.formatted(7, 2)
                    + "{\"customer\": null}\n")
            .withSource(
                """
                orders:
                  file: {path: data/orders.jsonl, format: json}
                  schema: schemas/order.avsc
                  key: customer.id
                  event-time:
                    field: customer.created
                    format: "yyyy/MM/dd HH:mm"
                    timezone: America/New_York
                  dedupe: {by: [customer.id]}
                """)
            .sql(
                "SELECT record_key, COUNT(*) AS n FROM orders o GROUP BY record_key"
                    + " UNION ALL SELECT origin, 1 FROM flights")
            .intoDuckDb();
    Tidemill.Outcome outcome =
        Tidemill.run(
            "run",
            project.pipeline(),
            "--config",
            SharedCluster.server(project),
            "--until-complete");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .containsPattern("2001-01-01 00:00 .* 3 +2 +0 +0 +1 +0 +2 +2 +balanced");
    assertThat(
            Table.query(
                project.warehouseUrl(),
                "SELECT record_key, n FROM departures ORDER BY batch_start, record_key"))
        .containsExactly(List.of("7", 1L), List.of("8", 1L), List.of("7", 1L));
    assertThat(Rejects.of(project.name()))
        .extracting(Reject::reason)
        .containsExactly("event time 'customer.created' is null");
  }

  @Test
  void a_run_that_rejects_every_record_ends_with_1_and_says_why() {
    Project project =
        Project.in(folder)
            .withOwnName()
            .from("file: {path: \"data/*.jsonl\", format: json}")
            .intoDuckDb()
            .data(
                "flights.jsonl",
                GOOD.formatted("2001-01-01 08:00", 10, 100, "JFK")
                    + GOOD.formatted("2001-01-02 08:00", -5, 300, "BOS"));
    Tidemill.Outcome outcome =
        Tidemill.run(
            "run",
            project.pipeline(),
            "--config",
            SharedCluster.server(project),
            "--until-complete");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("every record of this run was rejected");
    assertThat(outcome.out())
        .containsPattern(
            "  2 like \\S+@0 \\(flights.jsonl:\\d\\): event-time: .*'2001-01-0\\d 08:00', not a time like ");
  }

  @Test
  void a_run_is_judged_by_what_it_has_read_itself() {
    Project project =
        Project.in(folder)
            .withOwnName()
            .from("file: {path: \"data/*.jsonl\", format: json}")
            .intoDuckDb()
            .data(
                "night-1.jsonl",
                GOOD.formatted("2001/01/01 08:00", 10, 100, "JFK")
                    + GOOD.formatted("the day after", 20, 100, "JFK"));
    Tidemill.Outcome good = run(project);
    assertThat(good.exitCode()).as(good.err()).isZero();
    assertThat(good.out())
        .contains("Why, of the one reject of this run")
        .doesNotContain("earlier runs");

    project.data(
        "night-2.jsonl",
        GOOD.formatted("2001-01-02 08:00", 10, 100, "JFK")
            + GOOD.formatted("2001-01-02 09:00", 10, 100, "JFK"));
    Tidemill.Outcome changed = run(project);
    assertThat(changed.exitCode()).as("each new record was rejected").isEqualTo(1);
    assertThat(changed.err()).contains("every record of this run was rejected");
    assertThat(changed.out())
        .containsPattern("Why, of the 2 rejects of this run \\('tidemill .* show --offset [1-9]")
        .contains("2001-01-02 08:00', not a time like")
        .doesNotContain("the day after")
        .contains("Rejects of earlier runs: 1");

    Tidemill.Outcome nothingNew = run(project);
    assertThat(nothingNew.exitCode()).as(nothingNew.err()).isZero();
    assertThat(nothingNew.out()).doesNotContain("Why,").contains("Rejects of earlier runs: 3");
  }

  private static Tidemill.Outcome run(Project project) {
    return Tidemill.run(
        "run", project.pipeline(), "--config", SharedCluster.server(project), "--until-complete");
  }
}
