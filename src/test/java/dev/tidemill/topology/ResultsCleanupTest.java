package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.load.Cleanup;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A whole pipeline whose results and acks are deleted as soon as they may be. */
@ExtendWith(Cluster.Shared.class)
class ResultsCleanupTest {
  @TempDir private Path folder;

  private static Cleanup cleanup(Cluster cluster, TestPipeline pipeline) {
    return new Cleanup(
        cluster.settings(pipeline.name(), "a"),
        pipeline.topics(),
        List.of("duckdb:sums"),
        Duration.ZERO,
        Clock.systemUTC(),
        Duration.ofMillis(100));
  }

  private static void awaitNothingLeft(Cluster cluster, TestPipeline pipeline) {
    Await.until(
        "results and acks are deleted",
        () ->
            pipeline.results().isEmpty()
                && TestClients.committed(cluster.brokers(), pipeline.topics().acks()).isEmpty());
  }

  private static List<String> rows(Path warehouse) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + warehouse);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT k, n, attempt FROM sums ORDER BY ALL")) {
      while (result.next()) {
        rows.add(result.getString(1) + " " + result.getLong(2) + " #" + result.getInt(3));
      }
    }
    return rows;
  }

  @Test
  void a_pipeline_goes_on_and_reopens_a_batch_whose_results_are_deleted(Cluster cluster)
      throws SQLException {
    Path warehouse = folder.resolve("w.duckdb");
    try (TestPipeline pipeline =
        new TestPipeline(cluster, Spec.sums(2).soonIdle().into(warehouse))) {
      for (int i = 0; i < 40; i++) { // in both shares
        pipeline.write(0, Event.of("2024-03-10T05:10:00", "key" + i));
      }
      try (Instance first = pipeline.start();
          Cleanup cleanup = cleanup(cluster, pipeline)) {
        cleanup.start();
        first.running();
        pipeline.awaitPublished();
        awaitNothingLeft(cluster, pipeline);
      }

      pipeline.write(1, Event.of("2024-03-10T05:20:00", "key7")); // in time by its own clock
      try (Instance second = pipeline.start();
          Cleanup cleanup = cleanup(cluster, pipeline)) {
        cleanup.start();
        second.running();
        assertThat(pipeline.awaitPublished()).extracting(LedgerEntry::attempt).containsExactly(2);
        awaitNothingLeft(cluster, pipeline);
      }
    }
    assertThat(rows(warehouse))
        .hasSize(40)
        .contains("key7 2 #2")
        .anyMatch(row -> row.endsWith("#1"));
  }
}
