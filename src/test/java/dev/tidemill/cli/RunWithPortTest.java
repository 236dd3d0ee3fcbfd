package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run} answers over HTTP only if it is given a port. */
final class RunWithPortTest {
  @TempDir private Path folder;

  @Test
  void a_run_tells_where_it_answers_and_warns_if_everybody_may_ask() {
    Tidemill.Outcome outcome = run("--port", "0", "--host", "0.0.0.0");
    FewFlights.assertLoaded(outcome, project().warehouseUrl());
    assertThat(outcome.err())
        .containsPattern("Answering at http://0\\.0\\.0\\.0:[0-9]+")
        .contains("WARNING: everybody who reaches this address can read the results");
  }

  @Test
  void without_a_port_there_is_no_http_and_a_host_is_refused() {
    Tidemill.Outcome outcome = run("--host", "0.0.0.0");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("--host belongs to --port").doesNotContain("Answering");
  }

  private Tidemill.Outcome run(String... options) {
    Project project = project().data("flights.csv", FewFlights.CSV);
    Object[] arguments = new Object[5 + options.length];
    arguments[0] = "run";
    arguments[1] = project.withOwnName().pipeline();
    arguments[2] = "--config";
    arguments[3] = SharedCluster.server(project);
    arguments[4] = "--until-complete";
    System.arraycopy(options, 0, arguments, 5, options.length);
    return Tidemill.run(arguments);
  }

  private Project project() {
    return Project.in(folder).intoDuckDb();
  }
}
