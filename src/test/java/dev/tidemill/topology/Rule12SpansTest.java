package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemill.batch.EventClock;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.SourceSpan;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * From where and how a batch can be run again: per source partition the first and the last offset,
 * and the clock before the first.
 */
class Rule12SpansTest {
  private static final SimulatedPipeline.Parts PARTS =
      new SimulatedPipeline.Parts(Spec.sums(2).expect("k-is-known", "k <> 'unknown'").soonIdle());

  private final SimulatedPipeline pipeline = new SimulatedPipeline(PARTS, Share.CHUNK);

  private List<SourceSpan> spans(String hour) {
    Instant start = Instant.parse("2024-03-10T" + hour + ":00:00Z");
    return pipeline.entries().stream()
        .filter(entry -> entry.batch().start().equals(start))
        .map(LedgerEntry::spans)
        .findFirst()
        .orElseThrow();
  }

  private static long time(String time) {
    return Instant.parse("2024-03-10T" + time + ":00Z").toEpochMilli();
  }

  @Test
  void a_span_reaches_from_the_first_record_of_the_batch_to_the_last_whatever_their_verdicts() {
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a")); // 0
    pipeline.append(0, Event.of("2024-03-10T06:10:00", "unknown")); // 1: rejected
    pipeline.append(0, Event.of("2024-03-10T05:50:00", "a")); // 2: late
    pipeline.append(0, Event.of("2024-03-10T06:20:00", "a", -1)); // 3: filtered
    pipeline.append(1, new byte[] {7}); // 0: in no batch
    pipeline.append(1, Event.of("2024-03-10T06:30:00", "a")); // 1
    pipeline.settle();

    assertThat(spans("05"))
        .extracting(SourceSpan::partition, SourceSpan::firstOffset, SourceSpan::lastOffset)
        .containsExactly(tuple(0, 0L, 2L));
    assertThat(spans("06"))
        .extracting(SourceSpan::partition, SourceSpan::firstOffset, SourceSpan::lastOffset)
        .containsExactlyInAnyOrder(tuple(0, 1L, 3L), tuple(1, 1L, 1L));
  }

  @Test
  void the_clock_is_the_one_before_the_first_record() {
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a"));
    pipeline.append(0, Event.of("2024-03-10T06:20:00", "a"));
    pipeline.append(0, Event.of("2024-03-10T06:10:00", "a"));
    pipeline.settle();

    assertThat(spans("05").get(0).clockBefore()).isEqualTo(EventClock.NO_TIME);
    assertThat(spans("06").get(0).clockBefore()).isEqualTo(time("05:10"));
  }

  @Test
  void a_restart_does_not_begin_a_span_anew() {
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a"));
    pipeline.append(0, Event.of("2024-03-10T06:10:00", "a"));
    pipeline.append(0, Event.of("2024-03-10T06:15:00", "a"));
    pipeline.settle();
    pipeline.tasks().forEach(SimulatedTask::restart);
    pipeline.append(0, Event.of("2024-03-10T06:20:00", "a"));
    pipeline.settle();

    SourceSpan span = spans("06").get(0);
    assertThat(span.firstOffset()).isEqualTo(1);
    assertThat(span.lastOffset()).isEqualTo(3);
    assertThat(span.clockBefore()).isEqualTo(time("05:10"));
    assertThat(span.books().read()).isEqualTo(3);
  }
}
