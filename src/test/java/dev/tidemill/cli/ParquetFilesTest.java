package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parquet in folders by day as a source. */
final class ParquetFilesTest {
  private static final String FLIGHT =
      "SELECT '2001/01/0%d 08:00' AS date, %d AS delay, 100 AS distance, 'JFK' AS origin,"
          + " 'BOS' AS destination";

  @TempDir private Path folder;

  private void write(String file, String select) throws Exception {
    Path path = folder.resolve("data").resolve(file);
    Files.createDirectories(path.getParent());
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute("COPY (" + select + ") TO '" + path + "' (FORMAT parquet)");
    }
  }

  @Test
  void rows_of_all_folders_are_in_the_books_and_what_does_not_fit_is_a_reject() throws Exception {
    write("day=1/a.parquet", FLIGHT.formatted(1, 10) + " UNION ALL " + FLIGHT.formatted(1, 20));
    write(
        "day=2/a.parquet",
        FLIGHT.formatted(2, 5) + " UNION ALL " + FLIGHT.formatted(2, 3_000_000_000L));
    Project project =
        Project.in(folder)
            .withOwnName()
            .from("file: {path: \"data/**/*.parquet\", format: parquet}")
            .intoDuckDb();
    Tidemill.Outcome outcome =
        Tidemill.run(
            "run",
            project.pipeline(),
            "--config",
            SharedCluster.server(project),
            "--until-complete");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("Every book balances: 4 records read");
    assertThat(
            Table.query(
                project.warehouseUrl(), "SELECT departures FROM departures ORDER BY batch_start"))
        .containsExactly(List.of(2L), List.of(1L));
    assertThat(Rejects.of(project.name()))
        .singleElement()
        .satisfies(
            reject -> {
              assertThat(reject.reason())
                  .isEqualTo(
                      "day=2/a.parquet#2: field 'delay': int is expected, found '3000000000'");
              assertThat(Rejects.payload(reject)).contains("\"delay\":3000000000");
            });
  }
}
