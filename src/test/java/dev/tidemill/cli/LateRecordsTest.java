package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code late} from the file to the table and the ledger. */
final class LateRecordsTest {
  private static final String CSV =
      Project.HEADER
          + "2001/01/01 08:00,10,100,JFK,BOS\n"
          + "2001/01/02 08:00,20,200,JFK,ATL\n"
          + "2001/01/01 09:00,40,400,JFK,ATL\n"; // a day late

  @TempDir private Path folder;

  @Test
  void an_amended_record_is_in_the_result_of_its_own_day() {
    Project project = project("amend");
    Tidemill.Outcome outcome = run(project);
    assertThat(outcome.out())
        .containsPattern("rejected +late +amended +rows")
        .containsPattern("2001-01-01 00:00 .* 2 +1 +0 +0 +1 +1 +1 +1 +balanced")
        .containsPattern("2001-01-02 00:00 .* 1 +1 +0 +0 +0 +0 +1 +1 +balanced");
    assertThat(departures(project)).containsExactly(List.of(2L, 500L), List.of(1L, 200L));
  }

  @Test
  void a_carried_record_is_in_the_result_of_the_next_day() {
    Project project = project("carry");
    Tidemill.Outcome outcome = run(project);
    assertThat(outcome.out())
        .containsPattern("rejected +late +carried +carried in +rows")
        .containsPattern("2001-01-01 00:00 .* 2 +1 +0 +0 +1 +1 +0 +1 +1 +balanced")
        .containsPattern("2001-01-02 00:00 .* 1 +1 +0 +0 +0 +0 +1 +1 +1 +balanced");
    assertThat(departures(project)).containsExactly(List.of(1L, 100L), List.of(2L, 600L));
  }

  private Project project(String late) {
    return Project.in(folder).withOwnName().late(late).intoDuckDb().data("flights.csv", CSV);
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
    assertThat(outcome.out()).contains("Every book balances: 3 records read, each accounted for.");
    return outcome;
  }

  private static List<List<Object>> departures(Project project) {
    return Table.query(
        project.warehouseUrl(), "SELECT departures, miles FROM departures ORDER BY batch_start");
  }
}
