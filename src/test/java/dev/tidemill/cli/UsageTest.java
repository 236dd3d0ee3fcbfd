package dev.tidemill.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    assertThat(outcome.err())
        .startsWith("tidemill: ")
        .containsPattern("Usage: tidemill [\\s\\S]*Read on: tidemill .*--help")
        .doesNotContain("bug", "Exception", "Error");
    assertThat(outcome.err().lines().count()).as(outcome.err()).isLessThan(10);
  }

  @ParameterizedTest
  @CsvSource({
    "rnu p.yaml, there is no command 'rnu'; did you mean 'run'?",
    "run p.yaml --until-complet, did you mean '--until-complete'?",
    "run p.yaml q.yaml, 'q.yaml' is one word too many",
    "batches p --timezone Europe/Berln, 'Europe/Berln' is no time zone; did you mean 'Europe/Berlin'?",
    "schedule halt p, 'halt'",
  })
  void says_what_was_probably_meant(String line, String said) {
    assertThat(Tidemill.run((Object[]) line.split(" ")).err()).contains(said);
  }

  @ParameterizedTest
  @CsvSource({
    "batches p release --help, tidemill batches PIPELINE release ",
    "rejects p list --help, tidemill rejects PIPELINE list ",
    "rejects p show --help, tidemill rejects PIPELINE show ",
  })
  void the_usage_of_a_command_within_a_command_is_how_it_is_written(String line, String usage) {
    assertThat(Tidemill.run((Object[]) line.split(" ")).out()).startsWith("Usage: " + usage);
  }

  @Test
  void a_shell_completes_what_the_script_for_it_says() throws Exception {
    Path script = folder.resolve("completion.bash");
    Files.writeString(script, Tidemill.run("generate-completion").out());
    Process bash =
        new ProcessBuilder(
                "bash",
                "-c",
                "source \"$0\"; COMP_WORDS=(tidemill run --unt); COMP_CWORD=2; _complete_tidemill;"
                    + " echo \"${COMPREPLY[@]}\"",
                script.toString())
            .redirectError(
                ProcessBuilder.Redirect.DISCARD) // compopt is for a shell that somebody sits at
            .start();
    assertThat(new String(bash.getInputStream().readAllBytes(), UTF_8))
        .isEqualToIgnoringNewLines("--until-complete");
    assertThat(bash.waitFor()).isZero();
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
