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

  @Test
  void batches_of_two_records_have_two_of_each_partition_whatever_becomes_of_them() {
    Project project =
        Project.in(folder)
            .withOwnName()
            .from("file: {path: \"data/*.csv\", format: csv, partitions: 1}")
            .expect("distance-is-positive", "distance > 0")
            .ofRecords(2)
            .intoDuckDb()
            .data(
                "flights.csv",
                Project.HEADER
                    + "2001/01/01 10:59,10,100,JFK,BOS\n"
                    + "2001/01/01 11:00,20,-200,JFK,BOS\n"
                    + "1999/01/01 11:00,x,200,JFK,BOS\n"
                    + "2099/01/01 11:00,20,400,JFK,BOS\n"
                    + "never,20,800,JFK,BOS\n");
    Tidemill.Outcome outcome = run(project);
    assertThat(outcome.out())
        .contains("5 records read, each accounted for.")
        .containsPattern("1970-01-01 00:00 +1 s +1 +LOADED +CLOCK +2 +1 +0 +1 ")
        .containsPattern("1970-01-01 00:00:01 +1 s +1 +LOADED +CLOCK +1 +1 +0 +0 ")
        .containsPattern("1970-01-01 00:00:02 +1 s +1 +LOADED +END_OF_INPUT +1 +1 ")
        .contains("1 record belongs to no batch");
    assertThat(
            Table.query(
                project.warehouseUrl(),
                "SELECT epoch(batch_start)::BIGINT, miles FROM departures ORDER BY ALL"))
        .containsExactly(List.of(0L, 100L), List.of(1L, 400L), List.of(2L, 800L));
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
