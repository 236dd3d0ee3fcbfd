package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** State goes when nothing can be in time for it any more, by the clock of every partition. */
class KeepTest {
  private static final Duration KEEP = Duration.ofDays(7);
  private static final Instant START = Instant.parse("2024-03-10T05:00:00Z");
  private static final Instant PAST_KEEP = START.plus(Duration.ofHours(1)).plus(KEEP);
  private static final SimulatedPipeline.Parts PARTS =
      new SimulatedPipeline.Parts(Spec.sums(2).soonIdle());

  private final SimulatedPipeline pipeline = new SimulatedPipeline(PARTS, Share.CHUNK);

  /** In the shares: group rows, and batches with the marks of two sources. */
  private long groups() {
    return pipeline.share(0).entries(Share.GROUPS) + pipeline.share(1).entries(Share.GROUPS);
  }

  private void settle() {
    pipeline.settle();
    pipeline.settle(); // forgetting sends nothing, so once more
  }

  @Test
  void groups_and_parts_go_once_every_clock_is_past_keep() {
    for (int partition = 0; partition < 2; partition++) {
      pipeline.append(partition, new Event(START, "a", 1), new Event(START, "b", 1));
      pipeline.append(partition, new Event(PAST_KEEP.minusMillis(1), "c", 1));
    }
    settle();
    assertThat(groups()).as("a, b and c").isEqualTo(3);

    for (int partition = 0; partition < 2; partition++) {
      pipeline.append(partition, new Event(PAST_KEEP, "c", 1));
    }
    settle();
    assertThat(groups()).as("c in two batches").isEqualTo(2);
    assertThat(pipeline.intake(0).entries(Intake.STORE)).as("itself and two parts").isEqualTo(3);
  }

  /** The price of promise 1: what comes there may be in time, however long it takes to come. */
  @Test
  void a_partition_that_is_silent_for_good_keeps_them() {
    pipeline.append(0, new Event(START, "a", 1), new Event(PAST_KEEP.plus(KEEP), "b", 1));
    settle();
    assertThat(groups()).isEqualTo(2);

    pipeline.append(1, new Event(START, "a", 1));
    settle();
    assertThat(pipeline.texts(pipeline.entries().iterator().next())).containsExactly("[a, 2, 2.0]");
  }
}
