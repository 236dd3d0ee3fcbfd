package dev.tidemill.topology;

import static dev.tidemill.topology.ShuffleMessage.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Rule 3, piece by piece: what counts as lag. */
class Rule03LagTest {
  private static final TopicPartition PARTITION = new TopicPartition("events", 0);
  private static final Duration SILENCE = Duration.ofSeconds(1);
  private static final long NANOS = 10_000_000_000L;
  private static final long MILLIS = 1_700_000_000_000L;

  private final CaughtUp caughtUp = new CaughtUp();

  private void highWatermark(long offset) {
    caughtUp.highWatermark(PARTITION, new CaughtUp.HighWatermark(offset, NANOS, MILLIS));
  }

  private void handed(long offset) {
    var record = new ConsumerRecord<byte[], byte[]>("events", 0, offset, null, new byte[0]);
    caughtUp.handed(new ConsumerRecords<>(Map.of(PARTITION, List.of(record)), Map.of()));
  }

  private long silentAt(long processed) {
    return caughtUp.silentAt(PARTITION, processed, NANOS - SILENCE.toNanos(), SILENCE);
  }

  @Test
  void everything_handed_over_and_processed_and_silent_since_is_silent_as_of_the_question() {
    highWatermark(5);
    handed(4);
    caughtUp.position(PARTITION, 5);

    assertThat(silentAt(4)).isEqualTo(MILLIS);
  }

  @Test
  void nothing_is_known_before_the_broker_has_answered() {
    caughtUp.position(PARTITION, 5);
    assertThat(silentAt(4)).isEqualTo(NONE);
  }

  @Test
  void nothing_is_known_before_the_consumer_has_a_position() {
    highWatermark(5);
    assertThat(silentAt(4)).isEqualTo(NONE);
  }

  @Test
  void records_that_the_consumer_has_not_fetched_are_lag() {
    highWatermark(6);
    handed(4);
    caughtUp.position(PARTITION, 5);

    assertThat(silentAt(4)).isEqualTo(NONE);
  }

  @Test
  void records_queued_in_the_task_are_lag() {
    highWatermark(5);
    handed(4);
    caughtUp.position(PARTITION, 5);

    assertThat(silentAt(3)).isEqualTo(NONE);
  }

  @Test
  void transaction_markers_behind_the_last_record_are_no_lag_once_passed() {
    highWatermark(7);
    handed(4);
    caughtUp.position(PARTITION, 7);

    assertThat(silentAt(4)).isEqualTo(MILLIS);
  }

  @Test
  void a_record_within_idle_after_is_no_silence() {
    highWatermark(5);
    handed(4);
    caughtUp.position(PARTITION, 5);

    assertThat(caughtUp.silentAt(PARTITION, 4, NANOS - SILENCE.toNanos() + 1, SILENCE))
        .isEqualTo(NONE);
  }

  @Test
  void an_empty_partition_is_silent_once_its_consumer_stands_at_its_end() {
    highWatermark(0);
    caughtUp.position(PARTITION, 0);

    assertThat(silentAt(-1)).isEqualTo(MILLIS);
  }

  @Test
  void what_an_earlier_consumer_knew_does_not_count() {
    highWatermark(5);
    handed(4);
    caughtUp.position(PARTITION, 5);
    caughtUp.forget(PARTITION);

    assertThat(silentAt(4)).isEqualTo(NONE);
  }
}
