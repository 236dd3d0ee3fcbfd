package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file with rows that are there twice. */
final class DedupeFileTest {
  @TempDir private Path folder;

  @Test
  void rows_that_are_there_twice_count_once_and_the_ledger_shows_it() {
    Project project =
        Project.in(folder)
            .withOwnName()
            .from(
                "file: {path: \"data/*.csv\", format: csv, watch: 1h}\n"
                    + "    dedupe: {by: [origin, date, destination]}")
            .intoDuckDb()
            .data(
                "flights.csv",
                Project.HEADER
                    + "2001/01/01 08:00,10,100,JFK,BOS\n"
                    + "2001/01/01 08:00,10,100,JFK,BOS\n"
                    + "2001/01/01 08:00,10,100,BOS,JFK\n"
                    + "2001/01/01 08:00,30,100,JFK,BOS\n"
                    + "2001/01/02 08:00,10,100,JFK,BOS\n");
    Tidemill.Outcome outcome =
        Tidemill.run(
            "run",
            project.pipeline(),
            "--config",
            SharedCluster.server(project),
            "--until-complete");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("Every book balances: 5 records read, each accounted for.")
        .contains("rejected  duplicate  late")
        .containsPattern("2001-01-01 00:00 .* 4 +2 +0 +0 +2 +0 +2 +2 +balanced")
        .containsPattern("2001-01-02 00:00 .* 1 +1 +0 +0 +0 +0 +1 +1 +balanced");
    assertThat(
            Table.query(
                project.warehouseUrl(),
                "SELECT origin, departures FROM departures ORDER BY batch_start, origin"))
        .containsExactly(List.of("BOS", 1L), List.of("JFK", 1L), List.of("JFK", 1L));
    assertThat(Rejects.of(project.name())).isEmpty();
  }
}
