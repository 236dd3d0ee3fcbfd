package dev.tidemill.load;

import static dev.tidemill.load.Given.LOG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.definition.TargetDefinition;
import dev.tidemill.definition.Unavailable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbTargetTest extends TargetContract {
  @TempDir private Path folder;

  @Override
  TargetDefinition definition() {
    return new TargetDefinition.DuckDb(folder.resolve("new/warehouse.duckdb"), "daily");
  }

  @Override
  Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("new/warehouse.duckdb"));
  }

  @Test
  void a_closed_file_is_the_whole_database() throws Exception {
    close();

    try (var files = Files.list(folder.resolve("new"))) {
      assertThat(files.map(file -> file.getFileName().toString()).toList())
          .containsExactly("warehouse.duckdb");
    }
  }

  @Test
  void a_file_that_another_process_has_open_is_named_with_what_to_do() throws Exception {
    Path file = folder.resolve("taken.duckdb");
    Process other =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Holder.class.getName(),
                    file.toString()))
            .start();
    try (var out = other.inputReader()) {
      assertThat(out.readLine()).isEqualTo("open");
      TargetDefinition taken = new TargetDefinition.DuckDb(file, "daily");
      try (Target target = Targets.open("departures", taken, Given.STATES, Clock.systemUTC())) {
        assertThatThrownBy(() -> target.prepare(LOG))
            .isInstanceOf(Unavailable.class)
            .hasMessageContaining("load.duckdb.path")
            .hasMessageContaining("another process")
            .hasMessageContaining(String.valueOf(other.pid()));
      }
    } finally {
      other.destroyForcibly();
    }
  }

  /** Holds a file until its input ends. */
  static final class Holder {
    public static void main(String[] arguments) throws Exception {
      try (Connection held = DriverManager.getConnection("jdbc:duckdb:" + arguments[0])) {
        System.out.println(held.isClosed() ? "closed" : "open");
        System.in.read();
      }
    }
  }
}
