package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that start nothing. */
final class CommandsTest {
  private static final Pattern NODE = Pattern.compile("(\\w+)[\\[(]+/?\".*\"/?[\\])]+");
  private static final Pattern EDGE =
      Pattern.compile("(\\w+) (?:-->|---|-\\. [A-Za-z ]+ \\.->) (\\w+)");

  @TempDir private Path folder;

  @Test
  void help_tells_the_commands_and_the_exit_codes_and_loads_neither_kafka_nor_calcite()
      throws IOException {
    Path classes = folder.resolve("classes.txt");
    try (ForkedTidemill help =
        ForkedTidemill.start(List.of("-Xlog:class+load:file=" + classes), "--help")) {
      Tidemill.Outcome outcome = help.awaitEnd();
      assertThat(outcome.exitCode()).as(outcome.err()).isZero();
      assertThat(outcome.out())
          .contains("demo", "validate", "plan", "run", "batches")
          .contains("Exit codes", "3   something that it needs is not there")
          .contains("./tidemill demo");
    }
    assertThat(Files.readAllLines(classes))
        .as("what would make it slow")
        .anyMatch(line -> line.contains("dev.tidemill.cli.Main"))
        .noneMatch(line -> line.contains("org.apache.kafka"))
        .noneMatch(line -> line.contains("org.apache.calcite"))
        .noneMatch(line -> line.contains("ch.qos.logback"));
  }

  @Test
  void validate_tells_every_problem_at_once_with_its_place() throws IOException {
    Path pipeline = broken();
    Tidemill.Outcome outcome = Tidemill.run("validate", pipeline);
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out())
        .contains(pipeline + ":4:10: ", pipeline + ":5:13: ", pipeline + ":16:10: ")
        .contains("'@dayly'", "New_Yorc", "did you mean 'origin'", "3 problems");
  }

  @Test
  void validate_tells_the_same_as_json() throws IOException {
    Path pipeline = broken();
    Tidemill.Outcome outcome = Tidemill.run("validate", pipeline, "--json");
    assertThat(outcome.exitCode()).isEqualTo(1);
    JsonNode problems = new ObjectMapper().readTree(outcome.out());
    assertThat(problems).hasSize(3);
    assertThat(problems)
        .allSatisfy(
            problem -> {
              assertThat(problem.path("file").asText()).isEqualTo(pipeline.toString());
              assertThat(problem.path("line").asInt()).isPositive();
              assertThat(problem.path("column").asInt()).isPositive();
              assertThat(problem.path("message").asText()).isNotBlank();
            });
  }

  private Path broken() throws IOException {
    Path pipeline = project().pipeline();
    String yaml = Files.readString(pipeline);
    return Files.writeString(
        pipeline,
        yaml.replace("@daily", "@dayly")
            .replace("timezone: America/New_York\n", "timezone: America/New_Yorc\n")
            .replace("SELECT origin", "SELECT orgin"));
  }

  @Test
  void validate_of_a_right_definition_says_so() {
    Path pipeline = project().pipeline();
    Tidemill.Outcome outcome = Tidemill.run("validate", pipeline);
    assertThat(outcome.exitCode()).as(outcome.out()).isZero();
    assertThat(outcome.out()).contains(pipeline + ": no problem");
    assertThat(Tidemill.run("validate", pipeline, "--json").out().trim()).isEqualTo("[]");
  }

  @Test
  void a_run_of_a_wrong_definition_ends_with_1_and_starts_nothing() throws IOException {
    Tidemill.Outcome outcome = Tidemill.run("run", broken(), "--embedded");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("pipeline.yaml:4:10: ", "3 problems");
    assertThat(outcome.err()).doesNotContain("Starting");
  }

  @Test
  void plan_shows_the_way_the_columns_and_the_topics() {
    Tidemill.Outcome outcome = Tidemill.run("plan", project().pipeline());
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("flights  csv files *.csv", "batch @daily in America/New_York")
        .contains("avg_delay", "duckdb:departures")
        .contains("tidemill.flights-per-origin.ledger", "tidemill.flights-per-origin.rejects");
  }

  @Test
  void plan_as_mermaid_is_a_flowchart_of_which_every_node_is_drawn_once() {
    Tidemill.Outcome outcome = Tidemill.run("plan", project().pipeline(), "--mermaid");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    List<String> lines = outcome.out().lines().map(String::strip).toList();
    assertThat(lines.get(0)).isEqualTo("flowchart LR");
    Set<String> named = new HashSet<>();
    Set<String> drawn = new HashSet<>();
    for (String line : lines.subList(1, lines.size())) {
      Matcher edge = EDGE.matcher(line);
      Matcher node = NODE.matcher(line);
      if (edge.matches()) {
        named.addAll(List.of(edge.group(1), edge.group(2)));
      } else if (node.matches()) {
        assertThat(drawn.add(node.group(1))).as("%s is drawn for the first time", line).isTrue();
      } else {
        assertThat(line).matches("end|subgraph .*");
      }
    }
    assertThat(drawn).isEqualTo(named).contains("node_intake", "store_groups", "node_owner");
  }

  private Project project() {
    return Project.in(folder).intoDuckDb().data("flights.csv", FewFlights.CSV);
  }
}
