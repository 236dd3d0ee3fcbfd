package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.definition.Rate;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PaceTest {
  private static final long SECOND = 1_000_000_000;
  private static final long BEGIN = Long.MAX_VALUE - SECOND; // nanoTime may turn over

  private final Pace pace = new Pace(new Rate(100, Duration.ofSeconds(1)), BEGIN);

  @Test
  void who_keeps_the_rate_does_not_wait() {
    for (int second = 1; second <= 10; second++) {
      assertThat(pace.published(100, BEGIN + second * SECOND)).isZero();
    }
  }

  @Test
  void who_is_too_fast_waits_until_the_rate_is_kept() {
    assertThat(pace.published(250, BEGIN)).isEqualTo(5 * SECOND / 2);
    assertThat(pace.published(100, BEGIN + 5 * SECOND / 2)).isEqualTo(SECOND);
  }

  @Test
  void a_pause_is_worth_a_second_and_no_more() {
    long later = BEGIN + 60 * SECOND;
    assertThat(pace.published(100, later)).isZero();
    assertThat(pace.published(1, later)).isEqualTo(SECOND / 100);
  }

  @Test
  void an_hour_has_few_rows() {
    Pace slow = new Pace(new Rate(60, Duration.ofHours(1)), BEGIN);
    assertThat(slow.published(1, BEGIN)).isEqualTo(60 * SECOND);
    assertThat(new Rate(60, Duration.ofHours(1)).rowsInASecond()).isEqualTo(1);
  }
}
