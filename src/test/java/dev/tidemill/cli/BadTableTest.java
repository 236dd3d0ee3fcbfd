package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.load.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table that does not fit the result is refused before the first record, and left as it is. */
final class BadTableTest {
  @TempDir private Path folder;

  @Test
  void every_difference_of_both_targets_is_told_and_nothing_is_lost_when_they_are_repaired() {
    String url = PostgresServer.newSchema();
    Project project =
        Project.in(folder)
            .withOwnName()
            .intoPostgres(url)
            .intoDuckDb()
            .data("flights.csv", FewFlights.CSV);
    String other = "CREATE TABLE departures (origin integer, departures bigint, notes varchar)";
    Table.execute(url, other);
    Table.execute(project.warehouseUrl(), other);

    FewFlights.assertUnavailable(
        run(project),
        "postgres:departures: the table does not fit the result of the SQL",
        "departures, column origin: expected text, found integer",
        "departures, column avg_delay: expected double precision, found none",
        "departures, column worst_delay: expected integer, found none",
        "departures, column miles: expected bigint, found none",
        "departures, column notes: expected none, found character varying",
        "departures, column batch_start: expected timestamp with time zone, found none",
        "duckdb:departures: the table does not fit the result of the SQL",
        "departures, column origin: expected VARCHAR, found INTEGER",
        "Nothing was changed");
    assertThat(Table.query(url, "SELECT * FROM departures")).isEmpty();

    Table.execute(url, "DROP TABLE departures");
    Table.execute(project.warehouseUrl(), "DROP TABLE departures");
    FewFlights.assertLoaded(run(project), url);
    FewFlights.assertLoaded(run(project), project.warehouseUrl());
  }

  @Test
  void a_table_of_another_pipeline_is_refused() {
    Project first =
        Project.in(folder).withOwnName().intoDuckDb().data("flights.csv", FewFlights.CSV);
    FewFlights.assertLoaded(run(first), first.warehouseUrl());
    Project second = Project.in(folder).withOwnName().intoDuckDb();
    FewFlights.assertUnavailable(
        run(second), "belongs to the pipeline " + first.name(), "load.table");
    FewFlights.assertLoaded(run(first), first.warehouseUrl());
  }

  private static Tidemill.Outcome run(Project project) {
    return Tidemill.run(
        "run", project.pipeline(), "--config", SharedCluster.server(project), "--until-complete");
  }
}
