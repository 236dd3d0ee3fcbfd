package dev.tidemill.topology;

import static dev.tidemill.topology.ShuffleMessage.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.CloseReason;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Rule 2, piece by piece: two source partitions, a grace of ten minutes. */
class Rule02SourceMarksTest {
  private static final Batch BATCH =
      new Batch(Instant.parse("2024-03-10T05:00:00Z"), Instant.parse("2024-03-10T06:00:00Z"));
  private static final Batch BEFORE =
      new Batch(Instant.parse("2024-03-10T04:00:00Z"), BATCH.start());
  private static final long OVER = Instant.parse("2024-03-10T06:10:00Z").toEpochMilli();

  private final SourceMarks marks = new SourceMarks(2, Duration.ofMinutes(10));

  private void clock(int source, long time) {
    marks.put(new ShuffleMessage.Marks(source, time, NONE, NONE, false, new long[0]));
  }

  private void idle(int source, long clock, long until) {
    marks.put(new ShuffleMessage.Marks(source, clock, until, NONE, false, new long[0]));
  }

  private void ended(int source, long clock) {
    marks.put(new ShuffleMessage.Marks(source, clock, NONE, NONE, true, new long[0]));
  }

  private void complete(int source, long clock, long to) {
    marks.put(new ShuffleMessage.Marks(source, clock, NONE, to, false, new long[0]));
  }

  @Test
  void who_has_published_everything_needs_no_grace() {
    complete(0, NONE, BATCH.end().toEpochMilli() - 1);
    clock(1, OVER);
    assertThat(marks.closes(BATCH, BATCH)).isEmpty();

    complete(0, NONE, BATCH.end().toEpochMilli());
    assertThat(marks.closes(BATCH, BATCH)).contains(CloseReason.COMPLETE);
    assertThat(marks.closes(BATCH, BEFORE)).as("no clock has entered it").isEmpty();
    assertThat(marks.allQuietUntil()).isEqualTo(NONE);

    complete(1, NONE, BATCH.end().toEpochMilli() + 5);
    assertThat(marks.allQuietUntil()).isEqualTo(OVER);
  }

  @Test
  void a_record_does_not_take_back_what_is_complete() {
    complete(0, NONE, BATCH.end().toEpochMilli());
    clock(1, OVER);
    marks.wake(0);
    assertThat(marks.closes(BATCH, BATCH)).contains(CloseReason.COMPLETE);
  }

  @Test
  void a_batch_closes_when_every_clock_has_passed_its_end_and_grace() {
    clock(0, OVER);
    clock(1, OVER - 1);
    assertThat(marks.closes(BATCH, BATCH)).isEmpty();

    clock(1, OVER);
    assertThat(marks.closes(BATCH, BATCH)).contains(CloseReason.CLOCK);
  }

  @Test
  void a_partition_that_was_never_heard_from_blocks() {
    clock(0, OVER);

    assertThat(marks.closes(BATCH, BATCH)).isEmpty();
    assertThat(marks.allQuietUntil()).isEqualTo(NONE);
    assertThat(marks.allClocksPast(0)).isFalse();
  }

  @Test
  void silence_stands_for_a_clock_and_is_named_as_the_reason() {
    clock(0, OVER);
    idle(1, NONE, OVER);

    assertThat(marks.closes(BATCH, BATCH)).contains(CloseReason.IDLE);
  }

  @Test
  void silence_that_does_not_reach_the_end_and_grace_closes_nothing() {
    clock(0, OVER);
    idle(1, NONE, OVER - 1);

    assertThat(marks.closes(BATCH, BATCH)).isEmpty();
  }

  @Test
  void silence_closes_nothing_behind_the_newest_batch_that_a_clock_has_entered() {
    idle(0, NONE, Long.MAX_VALUE);
    idle(1, NONE, Long.MAX_VALUE);

    assertThat(marks.closes(BATCH, BEFORE)).isEmpty();
    assertThat(marks.closes(BEFORE, BEFORE)).contains(CloseReason.IDLE);
  }

  @Test
  void the_weakest_proof_is_named() {
    idle(0, NONE, OVER);
    ended(1, OVER - 1);
    assertThat(marks.closes(BATCH, BATCH)).contains(CloseReason.IDLE);

    clock(0, OVER);
    assertThat(marks.closes(BATCH, BATCH)).contains(CloseReason.END_OF_INPUT);
  }

  @Test
  void a_record_wakes_a_silent_or_ended_partition_and_keeps_its_clock() {
    idle(0, 7, OVER);
    ended(1, 8);

    assertThat(marks.wake(0).orElseThrow().idleUntil()).isEqualTo(NONE);
    assertThat(marks.wake(1).orElseThrow().ended()).isFalse();
    assertThat(marks.of(0).orElseThrow().clock()).isEqualTo(7);
    assertThat(marks.wake(0)).as("already awake").isEmpty();
  }

  @Test
  void all_are_idle_until_the_first_that_is_not() {
    idle(0, NONE, 9);
    idle(1, NONE, 5);
    assertThat(marks.allQuietUntil()).isEqualTo(5);

    clock(1, 100);
    assertThat(marks.allQuietUntil()).isEqualTo(NONE);
  }

  @Test
  void only_clocks_themselves_make_a_batch_be_forgotten() {
    idle(0, 10, Long.MAX_VALUE);
    clock(1, 20);
    assertThat(marks.allClocksPast(10)).isTrue();
    assertThat(marks.allClocksPast(11)).isFalse();
  }
}
