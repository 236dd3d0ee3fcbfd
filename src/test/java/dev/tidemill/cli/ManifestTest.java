package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemill.definition.ServerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is delivered is held against the manifest that comes with it. */
@Timeout(120)
final class ManifestTest {
  private static final String ROWS =
      Project.HEADER + "2001/01/01 08:00,10,100,JFK,BOS\n2001/01/01 09:00,20,100,JFK,BOS\n";

  @TempDir private Path folder;

  private Project project(String manifest) {
    return Project.in(folder)
        .withOwnName()
        .from("file: {path: \"data/*.csv\", format: csv, manifest: \"" + manifest + "\"}")
        .intoDuckDb()
        .data("a.csv", ROWS);
  }

  private static Tidemill.Outcome run(Project project) throws Exception {
    return Tidemill.run(
        "run", project.pipeline(), "--config", SharedCluster.server(project), "--until-complete");
  }

  private static Tidemill.Outcome batches(Project project, Object... more) {
    List<Object> arguments = new ArrayList<>(List.of("batches", project.name()));
    arguments.addAll(List.of("--config", SharedCluster.server(project)));
    arguments.addAll(List.of(more));
    Tidemill.Outcome outcome = Tidemill.run(arguments.toArray());
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return outcome;
  }

  @Test
  void batches_are_held_back_until_the_rows_are_those_of_the_manifest() throws Exception {
    Project project = project("data/manifest.json");
    project.data("manifest.json", "{\"files\": [{\"name\": \"a.csv\", \"rows\": 3}]}");
    Tidemill.Outcome less = run(project);
    assertThat(less.exitCode()).as(less.err()).isEqualTo(1);
    assertThat(less.out())
        .contains("source.flights: 3 rows expected, 2 extracted, 2 read")
        .contains("a.csv has 2 rows, and its manifest says 3")
        .contains("NOT every batch is loaded with balanced books");
    assertThat(Table.query(project.warehouseUrl(), "SELECT COUNT(*) FROM departures"))
        .containsExactly(List.of(0L));

    assertThat(run(project).exitCode()).as("nobody has put it right").isEqualTo(1);
    assertThat(batches(project).out())
        .contains("CLOSING", "HELD BACK")
        .contains("source.flights: 3 rows expected, 2 extracted, 2 read")
        .contains("a.csv has 2 rows, and its manifest says 3. Batches with its records are held");
    JsonNode held = new ObjectMapper().readTree(batches(project, "--json").out());
    assertThat(held.get("heldBack").get(0).asText())
        .startsWith("a.csv has 2 rows, and its manifest says 3")
        .endsWith("until the rest of the file is there, or a manifest with the right number.");
    assertThat(held.get("balanced").asBoolean()).as("the batch's own books do").isTrue();
    JsonNode source = held.get("sources").get(0);
    assertThat(source.get("expected").asLong()).isEqualTo(3);
    assertThat(source.get("unconfirmed").asLong()).isEqualTo(1);
    assertThat(source.get("extracted").asLong()).isEqualTo(2);
    assertThat(source.get("read").asLong()).isEqualTo(2);

    project.data("manifest.json", "{\"files\": [{\"name\": \"a.csv\", \"rows\": 2}]}");
    Tidemill.Outcome right = run(project);
    assertThat(right.exitCode()).as(right.out() + right.err()).isZero();
    assertThat(right.out()).contains("source.flights: 2 rows expected, 2 extracted, 2 read");
    assertThat(Table.query(project.warehouseUrl(), "SELECT origin, departures FROM departures"))
        .containsExactly(List.of("JFK", 2L));
    assertThat(batches(project).out())
        .contains("source.flights: 2 rows expected, 2 extracted, 2 read")
        .doesNotContain("HELD BACK", "held back");
    assertThat(batches(project, "--json").out())
        .contains("\"missing\":0,\"read\":2,\"withoutBatch\":0,\"differences\":[]")
        .doesNotContain("heldBack");
  }

  @Test
  void http_and_metrics_tell_of_a_file_that_differs_and_of_one_that_is_awaited() {
    Project project = project("data/manifest.json");
    project.from(
        "file: {path: \"data/*.csv\", format: csv, manifest: data/manifest.json, watch: 1h}");
    project.data("b.csv", ROWS);
    project.data(
        "manifest.json",
        "{\"files\": [{\"name\": \"a.csv\", \"rows\": 3, \"bytes\": %d}]}"
            .formatted(ROWS.length()));
    ServerSettings cluster = SharedCluster.settings();
    try (AnsweringInstance instance =
        new AnsweringInstance(
            project.pipeline(),
            AnsweringInstance.settings(
                cluster.brokers(), cluster.registry(), folder.resolve("state")))) {
      instance.start().watchLedger();
      String labels = "{pipeline=\"" + project.name() + "\",source=\"flights\"} 1.0";
      Await.until(
          "the metrics count both",
          Duration.ofSeconds(60),
          () -> {
            String metrics = HttpReply.get(instance.url() + "/metrics").body();
            return metrics.contains("tidemill_extract_files_different" + labels)
                && metrics.contains("tidemill_extract_files_awaited" + labels);
          });
      String sources = instance.url() + "/api/pipelines/" + project.name() + "/sources";
      Await.until(
          "the ledger has what was expected",
          Duration.ofSeconds(60),
          () ->
              HttpReply.get(sources).json().path("sources").path(0).path("expected").asLong() == 3);
      JsonNode source = HttpReply.get(sources).json().get("sources").get(0);
      assertThat(source.get("unconfirmed").asLong()).isEqualTo(1);
      assertThat(source.get("extracted").isNull()).as("it is not at its end").isTrue();
      assertThat(source.get("differences").get(0).asText())
          .startsWith("a.csv has 2 rows, and its manifest says 3. Batches with its records are");
    }
  }

  @Test
  void what_is_not_delivered_whole_is_named() throws Exception {
    Project project = project("data/SHA256SUMS");
    String sum = "0".repeat(64);
    project.data("SHA256SUMS", sum + "  b.csv\n");
    Tidemill.Outcome missing = run(project);
    assertThat(missing.exitCode()).isEqualTo(3);
    assertThat(missing.err())
        .contains("a.csv has no manifest in ")
        .contains("b.csv is not there, and the manifest ")
        .contains("nothing is lost");

    project.data("SHA256SUMS", sum + "  a.csv\n");
    Tidemill.Outcome damaged = run(project);
    assertThat(damaged.exitCode()).isEqualTo(3);
    assertThat(damaged.err()).contains("a.csv has the SHA-256 ").contains("SHA256SUMS says " + sum);
  }
}
