package dev.tidemill.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.TestClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BackOffTest {
  private final TestClock clock = new TestClock(Instant.parse("2024-03-10T05:00:00Z"));
  private final BackOff backOff = new BackOff(clock);

  @Test
  void without_trouble_there_is_nothing_to_wait_for() {
    assertThat(backOff.isOver()).isTrue();
  }

  @Test
  void each_failure_doubles_the_wait() {
    backOff.failed("no", new Exception());
    backOff.failed("no", new Exception());

    clock.move(Duration.ofMillis(999));
    assertThat(backOff.isOver()).isFalse();
    clock.move(Duration.ofMillis(1));
    assertThat(backOff.isOver()).isTrue();
  }

  @Test
  void no_wait_is_longer_than_half_a_minute() {
    for (int i = 0; i < 100; i++) {
      backOff.failed("no", new Exception());
    }

    clock.move(Duration.ofSeconds(30));
    assertThat(backOff.isOver()).isTrue();
  }

  @Test
  void success_starts_it_over() {
    backOff.failed("no", new Exception());
    backOff.failed("no", new Exception());
    backOff.worked();
    backOff.failed("no", new Exception());

    clock.move(Duration.ofMillis(500));
    assertThat(backOff.isOver()).isTrue();
  }
}
