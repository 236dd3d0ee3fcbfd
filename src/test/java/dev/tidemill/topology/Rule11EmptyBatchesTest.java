package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.CloseReason;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.TestClock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Empty is not missing, but replaying the past does not write it full. */
@ExtendWith(Cluster.Shared.class)
class Rule11EmptyBatchesTest {

  @Test
  void while_all_is_silent_hours_pass_as_empty_batches_up_to_a_hundred_at_once(Cluster cluster) {
    Instant first = Instant.parse("2024-03-10T05:00:00Z");
    TestClock clock = new TestClock(first.plusSeconds(1800));
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(2).soonIdle())) {
      pipeline.write(0, Event.of("2024-03-10T05:10:00", "a"));
      pipeline.start(clock);
      pipeline.awaitState("2024-03-10T05:00:00", BatchState.OPEN);

      clock.set(first.plusSeconds(5 * 3600 + 60));
      List<LedgerEntry> entries =
          pipeline.await("five hours are over", all -> all.size() == 5 && allReady(all));
      assertThat(entries).allMatch(e -> e.closeReason().equals(Optional.of(CloseReason.IDLE)));
      assertThat(entries).extracting(LedgerEntry::resultRows).containsExactly(1L, 0L, 0L, 0L, 0L);

      clock.set(first.plusSeconds(500 * 3600));
      long looks = clock.looks();
      Await.until("silence was looked for ten times more", () -> clock.looks() > looks + 10);
      assertThat(pipeline.entries()).as("too far away").hasSize(5);

      pipeline.write(1, new Event(first.plusSeconds(7 * 3600 + 60), "b", 1));
      pipeline.await(
          "the gap closes with the next record", all -> all.size() == 8 && allReady(all));
    }
  }

  private static boolean allReady(List<LedgerEntry> entries) {
    return entries.stream().allMatch(entry -> entry.state() == BatchState.READY);
  }
}
