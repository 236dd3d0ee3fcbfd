package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.CloseReason;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Silence closes what it proves, and no more. */
@ExtendWith(Cluster.Shared.class)
class Rule02IdleTest {

  @Test
  void silent_partitions_close_the_replayed_past_and_one_that_never_had_a_record_too(
      Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(4).soonIdle())) {
      pipeline.write(0, Event.of("2024-03-10T05:10:00", "a"), Event.of("2024-03-10T06:10:00", "a"));
      pipeline.write(1, Event.of("2024-03-10T05:20:00", "a"));
      pipeline.write(2, Event.of("2024-03-10T06:59:59", "a"));
      pipeline.start();

      assertThat(pipeline.awaitPublished())
          .hasSize(2)
          .allMatch(entry -> entry.closeReason().equals(Optional.of(CloseReason.IDLE)));
      assertThat(pipeline.rows("2024-03-10T05:00:00")).containsExactly("[a, 2, 2.0]");
    }
  }

  /** E8: the partition has lag, an open transaction, and then has none. */
  @Test
  void one_silent_partition_of_four_closes_as_idle_and_not_while_it_has_lag(Cluster cluster) {
    TestClock clock = new TestClock(Instant.parse("2026-01-01T00:00:00Z"));
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(4).soonIdle());
        var extractor = TestPipeline.transactional(cluster, pipeline.name())) {
      for (int partition = 0; partition < 3; partition++) {
        pipeline.write(partition, Event.of("2024-03-10T05:10:00", "a"));
        pipeline.write(partition, Event.of("2024-03-10T06:10:00", "a"));
      }
      extractor.initTransactions();
      extractor.beginTransaction();
      byte[] row = pipeline.bytes(Event.of("2024-03-10T05:20:00", "a", 10));
      extractor.send(new ProducerRecord<>(pipeline.source(), 3, null, row));
      extractor.flush();
      pipeline.start(clock);
      pipeline.awaitAccounted();
      long looks = clock.looks();
      Await.until("silence was looked for ten times more", () -> clock.looks() > looks + 10);
      assertThat(pipeline.entries()).allMatch(entry -> entry.state() == BatchState.OPEN);

      extractor.abortTransaction();
      LedgerEntry closed = pipeline.awaitState("2024-03-10T05:00:00", BatchState.READY);
      assertThat(closed.closeReason()).contains(CloseReason.IDLE);
      assertThat(pipeline.rows("2024-03-10T05:00:00")).containsExactly("[a, 3, 3.0]");
    }
  }

  @Test
  void a_lull_at_half_past_does_not_close_the_hour_and_its_end_does(Cluster cluster) {
    Duration grace = Duration.ofMinutes(5);
    TestClock clock = new TestClock(Instant.parse("2024-03-10T06:30:00Z"));
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(2).grace(grace).soonIdle())) {
      pipeline.write(0, Event.of("2024-03-10T05:10:00", "a"), Event.of("2024-03-10T06:10:00", "a"));
      pipeline.write(1, Event.of("2024-03-10T05:20:00", "a"));
      pipeline.start(clock);

      LedgerEntry past = pipeline.awaitState("2024-03-10T05:00:00", BatchState.READY);
      assertThat(past.closeReason()).contains(CloseReason.IDLE);
      long looks = clock.looks();
      Await.until("silence was looked for ten times more", () -> clock.looks() > looks + 10);
      pipeline.awaitState("2024-03-10T06:00:00", BatchState.OPEN);

      // I(p) = now - grace - idle-after must reach the end and its grace.
      clock.set(Instant.parse("2024-03-10T07:10:00Z").plus(Spec.SOON_IDLE));
      LedgerEntry hour = pipeline.awaitState("2024-03-10T06:00:00", BatchState.READY);
      assertThat(hour.closeReason()).contains(CloseReason.IDLE);
    }
  }

  @Test
  void a_batch_by_the_clock_of_the_wall_closes_though_nothing_comes(Cluster cluster) {
    TestClock clock = new TestClock(Instant.now());
    Spec spec = Spec.sums(2).byTheWall().soonIdle();
    try (TestPipeline pipeline = new TestPipeline(cluster, spec)) {
      pipeline.letTheBrokerSetTimestamps();
      Instant before = Instant.now();
      pipeline.write(0, Event.of("2024-03-10T05:10:00", "a", 1));
      pipeline.write(1, Event.of("2001-01-01T00:00:00", "a", 2));
      pipeline.start(clock);

      LedgerEntry open = pipeline.awaitAccounted().get(0);
      assertThat(open.state()).isEqualTo(BatchState.OPEN);
      assertThat(open.batch().contains(before) || open.batch().contains(Instant.now())).isTrue();

      clock.set(open.batch().end().plus(Duration.ofHours(1)));
      assertThat(pipeline.awaitPublished())
          .allMatch(entry -> entry.closeReason().equals(Optional.of(CloseReason.IDLE)));
      assertThat(pipeline.content().values().stream().flatMap(List::stream))
          .containsExactly("[a, 2, 3.0]");
    }
  }
}
