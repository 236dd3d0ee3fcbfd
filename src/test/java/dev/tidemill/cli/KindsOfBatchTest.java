package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches that no calendar knows, from the file to the table and the ledger. */
final class KindsOfBatchTest {
  @TempDir private Path folder;

  @Test
  void batches_of_a_fixed_length_begin_at_their_offset_in_utc() {
    Project project =
        Project.in(folder)
            .withOwnName()
            .every("36h\n  offset: 4h")
            .intoDuckDb()
            .data(
                "flights.csv",
                Project.HEADER
                    + "2001/01/01 10:59,10,100,JFK,BOS\n"
                    + "2001/01/01 11:00,20,200,JFK,BOS\n"
                    + "2001/01/02 22:59,40,300,JFK,BOS\n"
                    + "2001/01/02 23:00,40,400,JFK,BOS\n");
    Tidemill.Outcome outcome = run(project);
    assertThat(outcome.out())
        .containsPattern("2000-12-30 23:00 +36 h ")
        .contains("Every book balances: 4 records read, each accounted for.");
    assertThat(
            Table.query(
                project.warehouseUrl(),
                "SELECT batch_start, batch_end, miles FROM departures ORDER BY batch_start"))
        .containsExactly(
            row("2000-12-31T04:00:00Z", "2001-01-01T16:00:00Z", 100),
            row("2001-01-01T16:00:00Z", "2001-01-03T04:00:00Z", 500),
            row("2001-01-03T04:00:00Z", "2001-01-04T16:00:00Z", 400));
  }

  @Test
  void by_the_clock_of_the_wall_a_row_is_in_the_batch_in_which_it_was_published() {
    Project project =
        Project.in(folder)
            .withOwnName()
            .byTheWall()
            .intoDuckDb()
            .data(
                "flights.csv",
                Project.HEADER
                    + "2001/01/01 10:59,10,100,JFK,BOS\n"
                    + "2099/01/01 11:00,20,200,JFK,BOS\n"
                    + "never,40,300,JFK,BOS\n");
    Instant before = Instant.now();
    Tidemill.Outcome outcome = run(project);
    assertThat(outcome.out()).contains("3 records read, each accounted for.");
    assertThat(Table.query(project.warehouseUrl(), "SELECT SUM(miles) FROM departures"))
        .containsExactly(List.of(600L));
    assertThat(Table.query(project.warehouseUrl(), "SELECT DISTINCT batch_end FROM departures"))
        .allMatch(row -> before.isBefore((Instant) row.get(0)))
        .allMatch(row -> Instant.now().plus(Duration.ofDays(2)).isAfter((Instant) row.get(0)));
  }

  private static Tidemill.Outcome run(Project project) {
    Tidemill.Outcome outcome =
        Tidemill.run(
            "run",
            project.pipeline(),
            "--config",
            SharedCluster.server(project),
            "--until-complete");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return outcome;
  }

  private static List<Object> row(String start, String end, long miles) {
    return List.of(Instant.parse(start), Instant.parse(end), miles);
  }
}
