package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Aggregates that hold every value of a group. */
final class LargeGroupTest {
  private static final int MANY = 200_000;

  @TempDir private Path folder;

  @Test
  void a_group_may_hold_some_megabytes() {
    StringBuilder rows = new StringBuilder(Project.HEADER);
    for (int i = 0; i < MANY; i++) {
      rows.append("2001/01/01 08:00,").append(i % 97).append(",100,JFK,place-").append(i);
      rows.append('\n');
    }
    Project project =
        Project.in(folder)
            .data("flights.csv", rows.toString())
            .sql("SELECT origin, COUNT(DISTINCT destination) AS n FROM flights GROUP BY origin")
            .intoDuckDb();
    Tidemill.Outcome outcome =
        Tidemill.run("run", project.pipeline(), "--embedded", "--until-complete");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(Table.query(project.warehouseUrl(), "SELECT origin, n FROM departures"))
        .isEqualTo(List.of(List.of("JFK", (long) MANY)));
  }
}
