package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.Books;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.cli.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code late: amend} on a broker, with a target. */
@ExtendWith(Cluster.Shared.class)
class AmendTest {
  private static final String FIVE = "2024-03-10T05:00:00";

  /** No partition is ever idle: only the interval ends. */
  @Test
  void a_loaded_batch_is_replaced_at_the_end_of_the_interval(Cluster cluster) {
    Path warehouse = cluster.folder("warehouse").resolve("amend.duckdb");
    Spec spec = Spec.sums(1).amendAfter(Duration.ofMillis(500)).into(warehouse);
    try (TestPipeline pipeline = new TestPipeline(cluster, spec)) {
      pipeline.write(0, Event.of("2024-03-10T05:10:00", "a"), Event.of("2024-03-10T06:10:00", "a"));
      Instance instance = pipeline.start();
      assertThat(pipeline.awaitState(FIVE, BatchState.LOADED).attempt()).isEqualTo(1);

      for (int i = 0; i < 300; i++) {
        pipeline.write(0, Event.of("2024-03-10T05:20:00", "a", 2));
      }
      pipeline.await(
          "all are merged and loaded",
          entries ->
              entries.get(0).books().amended() == 300
                  && entries.get(0).state() == BatchState.LOADED);
      LedgerEntry five = pipeline.entries().get(0);
      assertThat(five.books()).isEqualTo(new Books(301, 1, 0, 0, 0, 300, 300));
      assertThat(five.attempt()).as("gathered").isBetween(2, 10);
      instance.close();
      assertThat(
              Table.query(
                  "jdbc:duckdb:" + warehouse, "SELECT k, n, total FROM sums ORDER BY batch_start"))
          .first()
          .isEqualTo(List.of("a", 301L, 601.0));
    }
  }

  @Test
  void what_was_gathered_when_the_process_went_and_its_disk_was_lost_is_merged_by_the_next(
      Cluster cluster) {
    Spec spec = Spec.sums(1).amendAfter(Spec.NEVER_IDLE);
    try (TestPipeline pipeline = new TestPipeline(cluster, spec)) {
      pipeline.write(0, Event.of("2024-03-10T05:10:00", "a"), Event.of("2024-03-10T06:10:00", "a"));
      try (Instance first = pipeline.start("a")) {
        first.running();
        pipeline.awaitState(FIVE, BatchState.READY);
        pipeline.write(0, Event.of("2024-03-10T05:30:00", "a", 7));
        pipeline.write(0, Event.of("2024-03-10T06:30:00", "b", 1)); // tells that it was read
        pipeline.await("it is read", entries -> entries.get(1).books().read() == 2);
        assertThat(pipeline.entries().get(0).books().read()).isEqualTo(1);
      }
      try (TestPipeline same = pipeline.with(spec.amendAfter(Duration.ofMillis(100)))) {
        same.start("b");
        pipeline.await("it is merged", entries -> entries.get(0).books().amended() == 1);
        pipeline.awaitState(FIVE, BatchState.READY);
        assertThat(pipeline.rows(FIVE)).containsExactly("[a, 2, 8.0]");
      }
    }
  }
}
