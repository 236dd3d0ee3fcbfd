package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process leaves that is killed while Streams deletes its stores. */
@ExtendWith(Cluster.Shared.class)
class HalfDeletedStateTest {

  @ParameterizedTest(name = "{0} is gone")
  @ValueSource(strings = {"CURRENT", "MANIFEST-", ".sst"})
  void stores_of_which_files_are_missing_are_restored(String gone, Cluster cluster)
      throws IOException {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(1))) {
      pipeline.write(0, Event.of("2024-01-01T10:00:00", "a"), Event.of("2024-01-01T10:10:00", "b"));
      Instance first = pipeline.start("a").running();
      pipeline.awaitAccounted();
      first.close();
      assertThat(delete(gone, pipeline.folder().resolve("a"))).as("files").isPositive();

      pipeline.write(0, Event.of("2024-01-01T10:20:00", "a"), Event.of("2024-01-01T11:00:00", "a"));
      pipeline.start("a");
      pipeline.awaitState("2024-01-01T10:00:00", dev.tidemill.batch.BatchState.READY);
      assertThat(pipeline.rows("2024-01-01T10:00:00"))
          .containsExactly("[a, 2, 2.0]", "[b, 1, 1.0]");
    }
  }

  private static int delete(String part, Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> these =
          files.filter(file -> file.getFileName().toString().contains(part)).toList();
      for (Path file : these) {
        Files.delete(file);
      }
      return these.size();
    }
  }
}
