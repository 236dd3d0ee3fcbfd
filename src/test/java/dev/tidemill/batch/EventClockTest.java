package dev.tidemill.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventClockTest {
  private static final Batch BATCH = new Batch(Instant.ofEpochMilli(0), Instant.ofEpochMilli(100));
  private static final Duration GRACE = Duration.ofMillis(10);

  @Test
  void has_no_time_at_first() {
    assertThat(EventClock.UNSET.hasTime()).isFalse();
  }

  @Test
  void advances_to_a_later_time() {
    assertThat(EventClock.UNSET.advance(5).advance(7).time()).isEqualTo(7);
  }

  @Test
  void never_moves_back() {
    assertThat(EventClock.UNSET.advance(7).advance(5).time()).isEqualTo(7);
  }

  @Test
  void takes_a_time_before_the_epoch() {
    assertThat(EventClock.UNSET.advance(-5)).isEqualTo(new EventClock(-5));
  }

  @Test
  void refuses_no_time_as_a_time() {
    assertThatThrownBy(() -> EventClock.UNSET.advance(EventClock.NO_TIME))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void without_a_time_no_batch_is_over() {
    assertThat(EventClock.UNSET.isOver(BATCH, Duration.ZERO)).isFalse();
  }

  @Test
  void a_batch_is_over_when_the_clock_reaches_its_end_and_grace() {
    assertThat(new EventClock(110).isOver(BATCH, GRACE)).isTrue();
  }

  @Test
  void a_batch_is_not_over_within_the_grace() {
    assertThat(new EventClock(109).isOver(BATCH, GRACE)).isFalse();
  }
}
