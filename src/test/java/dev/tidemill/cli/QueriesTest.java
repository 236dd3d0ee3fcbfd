package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemill.load.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several statements in one pipeline, each with its own gates and targets. */
final class QueriesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void each_result_is_loaded_into_its_own_targets_and_one_reads_another() throws IOException {
    Path csv = FlightsWeek.unpack(folder);
    String postgres = PostgresServer.newSchema();
    Path pipeline = pipeline(postgres, "rows > 0");

    Tidemill.Outcome outcome =
        Tidemill.run(
            "run",
            pipeline,
            "--embedded",
            "--data-dir",
            folder.resolve("mill"),
            "--until-complete");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains(
            "Every book balances: 113,493 records read, each accounted for.",
            "in by_origin.duckdb:by_origin",
            "in by_origin.postgres:by_origin",
            "in busiest.duckdb:busiest");

    String warehouse = "jdbc:duckdb:" + folder.resolve("warehouse.duckdb");
    String byOrigin =
        "SELECT batch_start, origin, departures FROM by_origin ORDER BY batch_start, origin";
    assertThat(Table.query(warehouse, byOrigin))
        .hasSizeGreaterThan(1000)
        .isEqualTo(
            oracle(
                csv,
                "SELECT day, origin, COUNT(*) FROM f GROUP BY day, origin ORDER BY day, origin"));
    assertThat(Table.query(postgres, byOrigin)).hasSameSizeAs(Table.query(warehouse, byOrigin));
    assertThat(
            Table.query(
                warehouse,
                "SELECT batch_start, origin, n, total FROM busiest ORDER BY batch_start, n DESC"))
        .hasSize(21)
        .isEqualTo(
            oracle(
                csv,
                """
                SELECT day, origin, n, total FROM (
                  SELECT day, origin, COUNT(*) AS n, SUM(COUNT(*)) OVER (PARTITION BY day)::BIGINT AS total,
                         ROW_NUMBER() OVER (PARTITION BY day ORDER BY COUNT(*) DESC, origin) AS r
                  FROM f GROUP BY day, origin
                ) WHERE r <= 3 ORDER BY day, n DESC
                """));

    Tidemill.Outcome batches =
        Tidemill.run(
            "batches", "several", "--json", "--embedded", "--data-dir", folder.resolve("mill"));
    for (String line : batches.out().lines().toList()) {
      JsonNode batch = JSON.readTree(line);
      assertThat(batch.get("balanced").asBoolean()).isTrue();
      assertThat(batch.get("queries").get("busiest").asLong()).isEqualTo(3);
      assertThat(batch.get("queries").get("by_origin").asLong())
          .isEqualTo(batch.get("loaded").get("by_origin.duckdb:by_origin").asLong())
          .isEqualTo(batch.get("rows").asLong() - 3);
    }
  }

  @Test
  void a_gate_of_one_holds_back_all_of_the_batch() {
    FlightsWeek.unpack(folder);
    Path pipeline = pipeline(PostgresServer.newSchema(), "rows > 3 -- three are loaded");
    Tidemill.Outcome outcome = Tidemill.run("run", pipeline, "--embedded", "--until-complete");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out()).contains("QUARANTINED", "few", "rows = 3");
    assertThat(
            Table.query(
                "jdbc:duckdb:" + folder.resolve("warehouse.duckdb"),
                "SELECT COUNT(*) FROM by_origin"))
        .containsExactly(List.of(0L));
  }

  private Path pipeline(String postgres, String gate) {
    Project project = Project.in(folder);
    project.pipeline(); // the schema
    return project.write(
        "several.yaml",
        """
        pipeline: several
        batch: {every: "@daily", timezone: America/New_York, grace: 1h}
        sources:
          flights:
            file: {path: "data/*.csv", format: csv}
            schema: schemas/flight.avsc
            key: origin
            event-time: {field: date, format: "yyyy/MM/dd HH:mm"}
        queries:
          busiest:
            sql: SELECT origin, departures AS n, total FROM ranked ORDER BY departures DESC, origin LIMIT 3
            require:
              few: %s
            load:
              - duckdb: {path: warehouse.duckdb, table: busiest}
          ranked:
            sql: SELECT origin, departures, SUM(departures) OVER () AS total FROM by_origin
          by_origin:
            sql: SELECT origin, COUNT(*) AS departures FROM flights GROUP BY origin
            load:
              - duckdb: {path: warehouse.duckdb, table: by_origin}
              - postgres: {url: "%s", table: by_origin}
        """
            .formatted(gate, postgres));
  }

  private static List<List<Object>> oracle(Path csv, String sql) {
    return Table.query(
        "jdbc:duckdb:",
        """
        WITH f AS (
          SELECT timezone('America/New_York', strptime(substr(date, 1, 10), '%%Y/%%m/%%d')) AS day, *
          FROM read_csv('%s', header = true, types = {'date': 'VARCHAR'})
        )
        """
                .formatted(csv)
            + sql);
  }
}
