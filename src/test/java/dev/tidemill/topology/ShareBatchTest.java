package dev.tidemill.topology;

import static dev.tidemill.topology.ShareBatch.Phase.CLOSED;
import static dev.tidemill.topology.ShareBatch.Phase.EMITTING;
import static dev.tidemill.topology.ShareBatch.Phase.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.CloseReason;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;

class ShareBatchTest {
  private static final Batch BATCH =
      new Batch(Instant.parse("2024-03-10T05:00:00Z"), Instant.parse("2024-03-10T06:00:00Z"));

  private final ShareBatch share = new ShareBatch(BATCH);

  private static ShareBatch copy(ShareBatch share) {
    return MessageSerdes.read(MessageSerdes.write(share::write), in -> ShareBatch.read(BATCH, in));
  }

  @Test
  void it_gathers_emits_and_closes() {
    share.merge(3, 30);
    assertThat(share.phase()).isEqualTo(OPEN);

    share.beginEmission(CloseReason.IDLE, Optional.empty());
    assertThat(share.phase()).isEqualTo(EMITTING);
    assertThat(share.attempt()).isEqualTo(1);

    share.emitted(Bytes.wrap(new byte[] {1}), 2);
    share.endEmission(false);
    assertThat(share.phase()).isEqualTo(CLOSED);
    assertThat(share.merged()).isEqualTo(3);
    assertThat(share.checksum()).isEqualTo(30);
    assertThat(share.rows()).isEqualTo(2);
    assertThat(share.reason()).isEqualTo(CloseReason.IDLE);
    assertThat(share.cursor()).isEmpty();
  }

  @Test
  void newcomers_during_the_emission_count_for_the_next_attempt_only() {
    share.merge(3, 30);
    share.beginEmission(CloseReason.IDLE, Optional.empty());
    share.merge(4, 40);
    assertThat(share.merged()).as("of the attempt that is under way").isEqualTo(3);
    assertThat(share.checksum()).as("of the attempt that is under way").isEqualTo(30);

    share.endEmission(true);
    assertThat(share.phase()).isEqualTo(OPEN);
    assertThat(share.merged()).isEqualTo(7);
    assertThat(share.checksum()).isEqualTo(70);
  }

  @Test
  void a_newcomer_that_is_counted_elsewhere_opens_the_next_attempt_too() {
    share.beginEmission(CloseReason.CLOCK, Optional.empty());
    share.merge(0, 00);
    share.endEmission(true);

    assertThat(share.phase()).isEqualTo(OPEN);
  }

  @Test
  void a_record_opens_a_closed_batch_again_and_rows_count_from_zero() {
    share.beginEmission(CloseReason.CLOCK, Optional.empty());
    share.emitted(Bytes.wrap(new byte[] {1}), 2);
    share.endEmission(false);
    share.merge(1, 10);
    assertThat(share.phase()).isEqualTo(OPEN);

    share.beginEmission(CloseReason.CLOCK, Optional.empty());
    assertThat(share.attempt()).isEqualTo(2);
    assertThat(share.rows()).isZero();
  }

  @Test
  void what_is_stored_comes_back_in_the_middle_of_an_emission() {
    share.merge(3, 30);
    share.beginEmission(CloseReason.END_OF_INPUT, Optional.empty());
    share.merge(4, 40);
    share.emitted(Bytes.wrap(new byte[] {1, 2}), 2);

    ShareBatch copy = copy(share);

    assertThat(copy)
        .usingRecursiveComparison()
        .ignoringFields("dirty", "heap", "whole")
        .isEqualTo(share);
    assertThat(copy.dirty()).isFalse();
  }

  @Test
  void every_change_is_to_be_stored() {
    share.clean();
    share.merge(1, 10);
    assertThat(share.dirty()).isTrue();
    share.clean();
    share.beginEmission(CloseReason.CLOCK, Optional.empty());
    assertThat(share.dirty()).isTrue();
    share.clean();
    share.emitted(Bytes.wrap(new byte[] {1}), 1);
    assertThat(share.dirty()).isTrue();
    share.clean();
    share.endEmission(false);
    assertThat(share.dirty()).isTrue();
  }

  @Test
  void an_early_result_leaves_the_batch_open() {
    share.merge(3, 30);
    share.dueEarly();
    assertThat(share.isDueEarly()).isTrue();

    share.beginEarly(Optional.empty());
    assertThat(share.isEarly()).isTrue();
    assertThat(share.phase()).isEqualTo(EMITTING);
    assertThat(copy(share).isEarly()).as("also after a restart").isTrue();
    share.endEmission(false);
    assertThat(share.phase()).isEqualTo(OPEN);
    assertThat(share.hasClosed()).isFalse();

    share.beginEmission(CloseReason.CLOCK, Optional.empty());
    assertThat(share.attempt()).isEqualTo(2);
    assertThat(share.isEarly()).isFalse();
    share.endEmission(false);
    assertThat(share.phase()).isEqualTo(CLOSED);
    assertThat(copy(share).hasClosed()).isTrue();
  }

  @Test
  void without_news_there_is_no_early_result() {
    share.merge(3, 30);
    share.beginEarly(Optional.empty());
    share.endEmission(false);
    share.dueEarly();
    assertThat(share.isDueEarly()).isFalse();

    share.merge(1, 10);
    assertThat(share.isDueEarly()).as("not before the next turn").isFalse();
    share.dueEarly();
    assertThat(share.isDueEarly()).isTrue();
  }

  @Test
  void newcomers_during_an_early_result_are_news_for_the_next() {
    share.merge(3, 30);
    share.beginEarly(Optional.empty());
    share.merge(1, 10);
    share.endEmission(true);
    share.dueEarly();

    assertThat(share.isDueEarly()).isTrue();
  }

  @Test
  void a_batch_that_has_closed_has_no_early_results_any_more() {
    share.merge(3, 30);
    share.beginEmission(CloseReason.CLOCK, Optional.empty());
    share.endEmission(false);
    share.merge(1, 10);
    share.dueEarly();

    assertThat(share.isDueEarly()).isFalse();
  }
}
