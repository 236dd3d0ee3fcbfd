package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.TestClock;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nothing closes as idle while there is lag. What counts as lag is in {@link Rule03LagTest}. */
@ExtendWith(Cluster.Shared.class)
class Rule03CaughtUpTest {

  @Test
  void an_open_transaction_of_an_extractor_is_lag(Cluster cluster) {
    TestClock clock = new TestClock(Instant.parse("2026-01-01T00:00:00Z"));
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(2).soonIdle());
        var extractor = TestPipeline.transactional(cluster, pipeline.name())) {
      pipeline.write(0, Event.of("2024-03-10T05:10:00", "a"));
      extractor.initTransactions();
      extractor.beginTransaction();
      byte[] row = pipeline.bytes(Event.of("2024-03-10T05:20:00", "a", 10));
      extractor.send(new ProducerRecord<>(pipeline.source(), 1, null, row));
      extractor.flush();
      pipeline.start(clock);

      Await.until("partition 0 is known to be silent", () -> isIdle(pipeline, 0));
      long looks = clock.looks();
      Await.until("silence was looked for ten times more", () -> clock.looks() > looks + 10);
      assertThat(isIdle(pipeline, 1)).isFalse();
      extractor.commitTransaction();
      pipeline.alsoWritten(1);

      LedgerEntry entry = pipeline.awaitPublished().get(0);
      assertThat(entry.attempt()).isEqualTo(1);
      assertThat(pipeline.rows("2024-03-10T05:00:00")).containsExactly("[a, 2, 11.0]");
    }
  }

  private static boolean isIdle(TestPipeline pipeline, int source) {
    return pipeline.shuffle().stream()
        .map(TestPipeline::message)
        .anyMatch(
            message ->
                message instanceof ShuffleMessage.Marks marks
                    && marks.source() == source
                    && marks.idleUntil() != ShuffleMessage.NONE);
  }
}
