package dev.tidemill.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.batch.Batch;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** What pseudo-columns find in a record. */
final class RowInHandTest {
  private static final Batch BATCH =
      new Batch(Instant.parse("2024-03-10T05:00:00Z"), Instant.parse("2024-03-10T06:00:00Z"));
  private static final byte[] NO_TEXT = {(byte) 0xC3, 0x28};

  private final RecordHeaders headers = new RecordHeaders();

  private RowInHand hand(byte[] key) {
    RowInHand hand = new RowInHand();
    hand.take(
        new ConsumerRecord<>(
            "departed",
            3,
            42,
            7,
            TimestampType.CREATE_TIME,
            0,
            0,
            key,
            new byte[0],
            headers,
            Optional.empty()),
        1_000,
        BATCH);
    return hand;
  }

  @Test
  void its_place_and_times() {
    RowInHand hand = hand(null);
    assertThat(hand.sourceTopic()).isEqualTo("departed");
    assertThat(hand.sourcePartition()).isEqualTo(3);
    assertThat(hand.sourceOffset()).isEqualTo(42);
    assertThat(hand.eventTime()).isEqualTo(1_000);
    assertThat(hand.batchStart()).isEqualTo(BATCH.start().toEpochMilli());
    assertThat(hand.batchEnd()).isEqualTo(BATCH.end().toEpochMilli());
  }

  @Test
  void the_last_header_of_a_name_counts_and_a_missing_one_is_null() {
    headers.add("Trace", "one".getBytes(UTF_8));
    headers.add("Trace", "ŏne".getBytes(UTF_8));
    headers.add("empty", null);
    assertThat(hand(null).header("Trace")).isEqualTo("ŏne");
    assertThat(hand(null).header("trace")).isNull();
    assertThat(hand(null).header("empty")).isNull();
  }

  @Test
  void a_key_is_text_or_null_and_no_other_key_becomes_the_same() {
    assertThat(hand(null).recordKey()).isNull();
    assertThat(hand("käy".getBytes(UTF_8)).recordKey()).isEqualTo("käy");
    assertThatThrownBy(() -> hand(NO_TEXT).recordKey()).hasMessage("the record's key is not UTF-8");
    headers.add("h", NO_TEXT);
    assertThatThrownBy(() -> hand(null).header("h"))
        .hasMessage("the value of this header is not UTF-8");
  }
}
