package dev.tidemill.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BatchTest {
  private static final Instant START = Instant.parse("2001-04-01T05:00:00Z");
  private static final Instant END = Instant.parse("2001-04-02T04:00:00Z");
  private static final Batch BATCH = new Batch(START, END);

  @Test
  void is_called_by_its_start_in_utc() {
    assertThat(BATCH.id()).isEqualTo("2001-04-01T05:00:00Z");
  }

  @Test
  void contains_its_start() {
    assertThat(BATCH.contains(START)).isTrue();
  }

  @Test
  void does_not_contain_its_end() {
    assertThat(BATCH.contains(END)).isFalse();
  }

  @Test
  void contains_the_last_instant_before_its_end() {
    assertThat(BATCH.contains(END.minusNanos(1))).isTrue();
  }

  @Test
  void knows_its_length() {
    assertThat(BATCH.length()).isEqualTo(Duration.ofHours(23));
  }

  @Test
  void is_ordered_by_start() {
    assertThat(BATCH).isLessThan(new Batch(END, END.plusSeconds(1)));
  }

  @Test
  void can_not_be_empty() {
    assertThatThrownBy(() -> new Batch(START, START)).hasMessageContaining("end after it starts");
  }
}
