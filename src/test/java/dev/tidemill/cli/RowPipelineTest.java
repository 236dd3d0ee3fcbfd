package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.load.PostgresServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline without GROUP BY: every accepted row is loaded, as often as it is there. */
final class RowPipelineTest {
  private static final String LOADED =
      "SELECT batch_start, \"date\", origin, destination, hours, kilometres FROM departures"
          + " ORDER BY batch_start, \"date\", origin, destination, hours, kilometres";

  @TempDir private Path folder;

  @Test
  void every_long_delay_of_the_week_is_in_both_targets() {
    Path csv = FlightsWeek.unpack(folder);
    String postgres = PostgresServer.newSchema();
    Project project =
        Project.in(folder)
            .sql(
                """
                SELECT "date", origin, destination, delay / 60e0 AS hours,
                       distance * 1.609344e0 AS kilometres
                FROM flights
                WHERE delay > 60
                """)
            .intoDuckDb()
            .intoPostgres(postgres);
    Tidemill.Outcome outcome =
        Tidemill.run("run", project.pipeline(), "--embedded", "--until-complete");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("Every book balances: 113,493 records read, each accounted for.");

    List<List<Object>> expected =
        Table.query(
            "jdbc:duckdb:",
            """
            SELECT timezone('America/New_York',
                       date_trunc('day', strptime(date, '%%Y/%%m/%%d %%H:%%M'))) AS batch_start,
                   date, origin, destination, delay / 60e0 AS hours,
                   distance * 1.609344e0 AS kilometres
            FROM read_csv('%s', header = true, types = {'date': 'VARCHAR'})
            WHERE delay > 60
            ORDER BY ALL
            """
                .formatted(csv));
    List<List<Object>> loaded = Table.query(project.warehouseUrl(), LOADED);
    assertThat(loaded).hasSizeGreaterThan(4_000).isEqualTo(expected);
    assertThat(Table.query(postgres, LOADED)).isEqualTo(loaded);
  }
}
