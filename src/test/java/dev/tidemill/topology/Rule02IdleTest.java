package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.CloseReason;
import dev.tidemill.batch.LedgerEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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
}
