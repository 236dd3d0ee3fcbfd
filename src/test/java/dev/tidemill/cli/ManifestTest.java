package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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

    project.data("manifest.json", "{\"files\": [{\"name\": \"a.csv\", \"rows\": 2}]}");
    Tidemill.Outcome right = run(project);
    assertThat(right.exitCode()).as(right.out() + right.err()).isZero();
    assertThat(right.out()).contains("source.flights: 2 rows expected, 2 extracted, 2 read");
    assertThat(Table.query(project.warehouseUrl(), "SELECT origin, departures FROM departures"))
        .containsExactly(List.of("JFK", 2L));
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
