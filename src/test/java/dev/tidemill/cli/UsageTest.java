package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that are written wrongly end with 2 and say what to write. */
final class UsageTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "run",
        "run p.yaml --embeded",
        "run p.yaml --embedded --config s.yaml",
        "validate",
        "plan",
        "plan a.yaml b.yaml",
        "run p.yaml --port many",
        "batches",
        "batches p --embedded",
        "batches p --timezone Nowhere/Land"
      })
  void is_told_with_exit_code_2(String line) {
    Tidemill.Outcome outcome = Tidemill.run((Object[]) line.split(" "));
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).isNotBlank().doesNotContain("bug", "Exception");
  }

  @Test
  void a_run_needs_a_cluster() {
    Project project = Project.in(folder).intoDuckDb().data("flights.csv", FewFlights.CSV);
    Tidemill.Outcome outcome = Tidemill.run("run", project.pipeline());
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("--config SERVER.yaml", "TIDEMILL_BROKERS", "--embedded");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--data-dir", "--broker-port"})
  void options_of_embedded_mode_need_it(String option) {
    Project project = Project.in(folder).intoDuckDb().data("flights.csv", FewFlights.CSV);
    Tidemill.Outcome outcome =
        Tidemill.run("run", project.pipeline(), "--config", "server.yaml", option, "1");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains(option + " belongs to --embedded");
  }

  @Test
  void no_topic_ends_so_until_complete_needs_files() {
    Project project =
        Project.in(folder).from("topic: {name: flights, format: json, max-jump: 1d}").intoDuckDb();
    Tidemill.Outcome outcome =
        Tidemill.run("run", project.pipeline(), "--embedded", "--until-complete");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("--until-complete needs sources that end", "Ctrl-C");
  }

  @Test
  void a_server_file_with_problems_ends_with_1_and_tells_all_of_them() {
    Project project = Project.in(folder).intoDuckDb().data("flights.csv", FewFlights.CSV);
    Path server = project.write("server.yaml", "brokrs: localhost:9092\nregistry: nowhere\n");
    Tidemill.Outcome outcome = Tidemill.run("run", project.pipeline(), "--config", server);
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err())
        .contains(server + ":1:1: ", "'brokers'", server + ":2:11: ", "'state-dir' is not set");
  }
}
