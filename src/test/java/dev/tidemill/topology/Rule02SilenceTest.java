package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.LedgerEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule 2: how far silence reaches, and what it never does. */
class Rule02SilenceTest {
  private static final Duration GRACE = Duration.ofMinutes(5);
  private static final SimulatedPipeline.Parts PARTS =
      new SimulatedPipeline.Parts(Spec.sums(2).grace(GRACE).soonIdle());

  private final SimulatedPipeline pipeline = new SimulatedPipeline(PARTS, Share.CHUNK);

  private List<BatchState> states() {
    return pipeline.entries().stream().map(LedgerEntry::state).toList();
  }

  @Test
  void silence_reaches_up_to_now_less_the_grace_and_idle_after() {
    Instant justOver = Instant.parse("2024-03-10T06:10:00Z").plus(Spec.SOON_IDLE);
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a"));

    pipeline.wallClock(justOver.minusMillis(1));
    pipeline.settle();
    assertThat(states()).containsExactly(BatchState.OPEN);

    pipeline.wallClock(justOver);
    pipeline.settle();
    assertThat(states()).containsExactly(BatchState.READY);
  }

  @Test
  void silence_moves_no_clock_so_a_record_that_comes_after_all_is_in_time() {
    pipeline.append(0, Event.of("2024-03-10T05:50:00", "a"));
    pipeline.settle();
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a", 2));
    pipeline.settle();

    LedgerEntry entry = pipeline.entries().iterator().next();
    assertThat(entry.books().late()).isZero();
    assertThat(entry.attempt()).isEqualTo(2);
    assertThat(pipeline.texts(entry)).containsExactly("[a, 2, 3.0]");
  }

  @Test
  void a_partition_that_was_never_heard_from_blocks() {
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a"), Event.of("2024-03-10T09:10:00", "a"));
    pipeline.settleWithout(pipeline.intake(1));
    assertThat(states()).containsOnly(BatchState.OPEN);

    pipeline.settle();
    assertThat(states()).containsOnly(BatchState.READY);
  }

  @Test
  void a_silent_partition_is_not_silent_any_more_once_a_record_came() {
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a"));
    pipeline.append(1, Event.of("2024-03-10T05:20:00", "a"));
    pipeline.wallClock(Instant.parse("2024-03-10T05:30:00Z"));
    pipeline.settle(); // both have told how silent they are
    pipeline.append(1, Event.of("2024-03-10T05:40:00", "a"));
    pipeline.intake(1).processOne();
    pipeline.commit(List.of(pipeline.intake(1)));
    pipeline.append(0, Event.of("2024-03-10T06:10:00", "a"));
    pipeline.wallClock(Instant.parse("2024-03-10T09:00:00Z"));
    pipeline.settleWithout(pipeline.intake(1));

    assertThat(states()).as("partition 1 is awake").containsOnly(BatchState.OPEN);
  }

  @Test
  void silence_is_told_with_the_tick_that_finds_it_and_once() {
    SimulatedTask<?> intake = pipeline.intake(0);
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a"));
    intake.processOne();
    pipeline.commit(List.of(intake));
    intake.tick();
    assertThat(intake.asksForCommit()).as("nothing is new, and nobody silent").isFalse();

    pipeline.fallSilent();
    intake.tick();
    assertThat(intake.asksForCommit()).as("the first batch is over").isTrue();

    pipeline.commit(List.of(intake));
    intake.tick();
    assertThat(intake.asksForCommit()).as("that was told").isFalse();
  }
}
