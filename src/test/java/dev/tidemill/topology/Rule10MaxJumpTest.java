package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.schema.Reject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One record must not jump ahead and make all others late; a hundred that agree may. */
@ExtendWith(Cluster.Shared.class)
class Rule10MaxJumpTest {

  @Test
  void a_hundred_records_in_a_row_confirm_a_jump_also_over_a_restart(Cluster cluster) {
    Spec spec = Spec.sums(1).maxJump(Duration.ofHours(2)).soonIdle();
    Event ahead = Event.of("2024-03-12T00:00:00", "a");
    try (TestPipeline pipeline = new TestPipeline(cluster, spec)) {
      pipeline.write(0, Event.of("2024-03-10T05:10:00", "a"));
      jumps(pipeline, 99, ahead); // 1 to 99
      pipeline.write(0, Event.of("2024-03-10T05:20:00", "a")); // 100: in time, and begins anew
      jumps(pipeline, 60, ahead); // 101 to 160
      try (Instance first = pipeline.start("a")) {
        first.running();
        pipeline.awaitPublished();
      }
      jumps(pipeline, 39, ahead); // 161 to 199
      jumps(pipeline, 2, ahead); // 200 is the hundredth in a row
      pipeline.start("b");
      List<LedgerEntry> entries = pipeline.awaitPublished();

      assertThat(pipeline.rejects())
          .extracting(Reject::offset)
          .containsExactlyElementsOf(
              IntStream.concat(IntStream.range(1, 100), IntStream.range(101, 200))
                  .mapToObj(i -> (long) i)
                  .toList());
      assertThat(pipeline.rejects().get(0).reason()).contains("max-jump");
      assertThat(pipeline.rows("2024-03-10T05:00:00")).containsExactly("[a, 2, 2.0]");
      assertThat(pipeline.rows("2024-03-12T00:00:00")).containsExactly("[a, 2, 2.0]");
      assertThat(entries).allMatch(LedgerEntry::balances);
    }
  }

  private static void jumps(TestPipeline pipeline, int times, Event ahead) {
    Event[] events = new Event[times];
    Arrays.fill(events, ahead);
    pipeline.write(0, events);
  }
}
