package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.CloseReason;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** E11: the wall clock is set back and forth; event time is what counts. */
@ExtendWith(Cluster.Shared.class)
class ClockJumpTest {
  private static final Instant NOW = Instant.parse("2024-03-10T06:30:00Z");

  @Test
  void a_wall_clock_that_jumps_closes_nothing_early_and_changes_no_batch(Cluster cluster) {
    TestClock clock = new TestClock(NOW);
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(2))) {
      for (int partition = 0; partition < 2; partition++) {
        pipeline.write(
            partition, Event.of("2024-03-10T05:10:00", "a"), Event.of("2024-03-10T06:10:00", "a"));
      }
      pipeline.start(clock);
      pipeline.awaitState("2024-03-10T05:00:00", BatchState.READY);
      for (Duration jump : List.of(Duration.ofHours(1), Duration.ofHours(-1), Duration.ofDays(1))) {
        clock.set(NOW.plus(jump));
        long looks = clock.looks();
        Await.until("silence was looked for twice more", () -> clock.looks() > looks + 2);
        pipeline.write(0, Event.of("2024-03-10T06:20:00", "a"));
        pipeline.write(1, Event.of("2024-03-10T05:59:00", "late"));
        pipeline.awaitAccounted();
        pipeline.awaitState("2024-03-10T06:00:00", BatchState.OPEN);
      }
      clock.set(NOW.minus(Duration.ofDays(1)));
      for (int partition = 0; partition < 2; partition++) {
        pipeline.write(partition, Event.of("2024-03-10T07:00:00", "a"));
      }

      LedgerEntry six = pipeline.awaitState("2024-03-10T06:00:00", BatchState.READY);
      assertThat(six.attempt()).isEqualTo(1);
      assertThat(six.closeReason()).contains(CloseReason.CLOCK);
      assertThat(pipeline.rows("2024-03-10T06:00:00")).containsExactly("[a, 5, 5.0]");
      assertThat(pipeline.entries().get(0).books().late()).isEqualTo(3);
      assertThat(pipeline.entries().get(0).attempt()).isEqualTo(1);
    }
  }
}
