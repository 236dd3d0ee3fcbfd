package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.BatchState;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The limit for empty batches is the same for all shares, however far behind one of them is. */
class Rule11SharesAgreeTest {
  private static final Instant FIRST = Instant.parse("2024-03-10T05:10:00Z");
  private static final SimulatedPipeline.Parts PARTS =
      new SimulatedPipeline.Parts(Spec.sums(2).soonIdle());

  private final SimulatedPipeline pipeline = new SimulatedPipeline(PARTS, Share.CHUNK);

  private void hourIs(int hours, SimulatedTask<?> standsStill) {
    pipeline.wallClock(FIRST.plus(Duration.ofHours(hours)));
    pipeline.settleWithout(standsStill);
  }

  @Test
  void a_share_that_hears_of_many_hours_at_once_makes_the_same_empty_batches() {
    pipeline.append(0, new Event(FIRST, "a", 1));
    pipeline.wallClock(FIRST);
    pipeline.settle();
    hourIs(60, pipeline.share(1));
    hourIs(120, pipeline.share(1));
    pipeline.settle();

    assertThat(pipeline.entries()).hasSize(120).allMatch(e -> e.state() == BatchState.READY);
  }
}
