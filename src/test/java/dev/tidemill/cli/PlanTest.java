package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code plan} says of statements that have every operator. */
final class PlanTest {
  private static final Path FOLDER = Path.of("src/test/resources/dev/tidemill/cli/plan");
  private static final Path PIPELINE = FOLDER.resolve("pipeline.yaml");

  @Test
  void each_statement_is_shown_with_its_operators_and_each_store_with_its_bound()
      throws IOException {
    Tidemill.Outcome plan = Tidemill.run("plan", PIPELINE);
    assertThat(plan.exitCode()).as(plan.err()).isZero();
    assertThat(plan.out()).isEqualTo(Files.readString(FOLDER.resolve("plan.txt")));
  }

  @Test
  void json_has_the_same_operators_and_every_store_that_they_name() throws IOException {
    Tidemill.Outcome plan = Tidemill.run("plan", "--json", PIPELINE);
    assertThat(plan.exitCode()).as(plan.err()).isZero();
    JsonNode json = new ObjectMapper().readTree(plan.out());
    assertThat(json.get("statements")).hasSize(8);
    assertThat(json.at("/statements/0/plan/operator").asText()).isEqualTo("filter");
    assertThat(json.at("/statements/0/plan/inputs/0/twoPhase").asBoolean()).isTrue();
    assertThat(json.at("/statements/6/plan/twoPhase").asBoolean(true)).isFalse();
    Set<String> stores = new HashSet<>();
    json.get("state").forEach(store -> stores.add(store.get("store").asText()));
    assertThat(json.findValues("state"))
        .filteredOn(JsonNode::isObject)
        .isNotEmpty()
        .allSatisfy(state -> assertThat(stores).contains(state.get("store").asText()));
  }

  @Test
  void the_flowchart_is_the_topology_as_it_runs_and_what_is_around_it() throws IOException {
    Tidemill.Outcome plan = Tidemill.run("plan", "--mermaid", "examples/flights/pipeline.yaml");
    assertThat(plan.exitCode()).as(plan.err()).isZero();
    assertThat(plan.out()).isEqualTo(Files.readString(FOLDER.resolve("flights.mmd")));
  }

  @Test
  void the_stores_of_the_plan_are_those_of_the_topology() throws IOException {
    JsonNode json = new ObjectMapper().readTree(Tidemill.run("plan", "--json", PIPELINE).out());
    Set<String> planned = new HashSet<>();
    json.get("state").forEach(store -> planned.add(store.get("store").asText()));
    Set<String> drawn = new HashSet<>();
    Pattern.compile("store_\\w+\\[\\(\"(.+)\"\\)]")
        .matcher(Tidemill.run("plan", "--mermaid", PIPELINE).out())
        .results()
        .forEach(store -> drawn.add(store.group(1)));
    assertThat(drawn).isEqualTo(planned).contains("seen", "waiting", "table-customers");
  }
}
