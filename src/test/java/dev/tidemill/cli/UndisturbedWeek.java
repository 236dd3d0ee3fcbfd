package dev.tidemill.cli;

import dev.tidemill.load.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The whole week, run once without a disturbance and loaded into both targets. Shared by the tests
 * that need it: read it only.
 *
 * @param warehouse URL of the DuckDB target
 * @param postgres URL of the PostgreSQL target
 */
record UndisturbedWeek(
    Path csv, Project project, Tidemill.Outcome outcome, String warehouse, String postgres) {
  private static final class Holder {
    static final UndisturbedWeek RUN = run();
  }

  static UndisturbedWeek get() {
    return Holder.RUN;
  }

  List<List<Object>> content() {
    return Table.query(warehouse, FlightsWeek.LOADED);
  }

  private static UndisturbedWeek run() {
    try {
      Path folder = Tidemill.folder().resolve("week");
      deleteThatOfTheLastBuild(folder);
      String postgres = PostgresServer.newSchema();
      Path csv = FlightsWeek.unpack(folder);
      Project project = Project.in(folder).intoDuckDb().intoPostgres(postgres);
      Tidemill.Outcome outcome =
          Tidemill.run(
              "run",
              project.pipeline(),
              "--embedded",
              "--data-dir",
              project.dataDir(),
              "--until-complete");
      return new UndisturbedWeek(csv, project, outcome, project.warehouseUrl(), postgres);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void deleteThatOfTheLastBuild(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
