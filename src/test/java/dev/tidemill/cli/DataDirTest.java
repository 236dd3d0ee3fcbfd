package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.embedded.EmbeddedBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Embedded mode: its folder, its port, and what is left of it. */
final class DataDirTest {
  @TempDir private Path folder;
  private Project project;

  @BeforeEach
  void a_project() {
    project = Project.in(folder).intoDuckDb().data("flights.csv", FewFlights.CSV);
  }

  @Test
  void a_port_that_is_in_use_is_named_and_the_run_goes_on_another_one() throws IOException {
    int port;
    try (ServerSocket used = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = used.getLocalPort();
      FewFlights.assertUnavailable(
          run("--broker-port", port), "Port " + port, "--broker-port", "in use");
    }
    FewFlights.assertLoaded(run("--broker-port", port), project.warehouseUrl());
    Tidemill.Outcome batches =
        Tidemill.run(
            "batches", "flights-per-origin", "--embedded", "--data-dir", project.dataDir());
    assertThat(batches.exitCode()).as(batches.err()).isZero();
    assertThat(batches.out().lines().filter(line -> line.contains("balanced"))).hasSize(2);
    assertThat(batches.out()).contains("2001-01-01 05:00", "24 h", "LOADED");
    Tidemill.Outcome json =
        Tidemill.run(
            "batches",
            "flights-per-origin",
            "--embedded",
            "--data-dir",
            project.dataDir(),
            "--json");
    assertThat(json.out().lines()).hasSize(2).allMatch(line -> line.startsWith("{\"pipeline\":"));
    FewFlights.assertUnavailable(
        Tidemill.run("batches", "flights", "--embedded", "--data-dir", project.dataDir()),
        "no pipeline 'flights' has run on",
        "there is flights-per-origin");
  }

  @Test
  void a_folder_that_another_process_uses_is_refused() {
    try (EmbeddedBroker other = EmbeddedBroker.lasting(project.dataDir())) {
      assertThat(other.clusterId()).isNotEmpty();
      FewFlights.assertUnavailable(
          run(), "Another Tidemill is using the data folder " + project.dataDir(), "--data-dir");
    }
    FewFlights.assertLoaded(run(), project.warehouseUrl());
  }

  @Test
  void a_folder_that_is_a_file_is_refused() {
    project.write("mill", "a file");
    FewFlights.assertUnavailable(run(), "The data folder " + project.dataDir(), "--data-dir");
  }

  @Test
  void batches_of_a_folder_without_a_run_are_refused_and_nothing_is_made() {
    FewFlights.assertUnavailable(
        Tidemill.run("batches", "any", "--embedded", "--data-dir", project.dataDir()),
        project.dataDir() + " is not the --data-dir of a run");
    assertThat(project.dataDir()).doesNotExist();
  }

  private Tidemill.Outcome run(Object... more) {
    Object[] arguments = {
      "run", project.pipeline(), "--embedded", "--data-dir", project.dataDir(), "--until-complete"
    };
    Object[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return Tidemill.run(all);
  }
}
