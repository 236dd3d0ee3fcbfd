package dev.tidemill.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LedgerEntryTest {
  private static final Books SEVEN_READ_FIVE_ACCEPTED = new Books(7, 5, 2, 0, 0, 0, 0);
  private static final List<LedgerEntry.Share> FIVE_MERGED_TO_THREE_ROWS =
      List.of(new LedgerEntry.Share(1, 2, 5, 1), new LedgerEntry.Share(1, 3, -5, 2));

  @Test
  void a_loaded_batch_balances_when_every_target_has_its_rows() {
    assertThat(loaded(Map.of("duckdb:a", 3L, "postgres:b", 3L)).balances()).isTrue();
  }

  @Test
  void a_loaded_batch_does_not_balance_when_a_target_lacks_a_row() {
    assertThat(loaded(Map.of("duckdb:a", 3L, "postgres:b", 2L)).balances()).isFalse();
  }

  @Test
  void a_ready_batch_balances_before_targets_have_it() {
    assertThat(
            entry(BatchState.READY, SEVEN_READ_FIVE_ACCEPTED, FIVE_MERGED_TO_THREE_ROWS, Map.of())
                .balances())
        .isTrue();
  }

  @Test
  void a_batch_does_not_balance_when_shares_merged_another_number_than_intake_accepted() {
    assertThat(
            entry(
                    BatchState.READY,
                    new Books(7, 6, 1, 0, 0, 0, 0),
                    FIVE_MERGED_TO_THREE_ROWS,
                    Map.of())
                .balances())
        .isFalse();
  }

  @Test
  void an_open_batch_has_not_merged_yet_and_balances() {
    assertThat(entry(BatchState.OPEN, SEVEN_READ_FIVE_ACCEPTED, List.of(), Map.of()).balances())
        .isTrue();
  }

  @Test
  void an_open_batch_does_not_balance_when_a_record_has_no_verdict() {
    assertThat(
            entry(BatchState.OPEN, new Books(8, 5, 2, 0, 0, 0, 0), List.of(), Map.of()).balances())
        .isFalse();
  }

  @Test
  void result_rows_are_those_of_all_shares() {
    assertThat(loaded(Map.of()).resultRows()).isEqualTo(3);
  }

  @Test
  void no_attempt_is_before_the_early_one() {
    assertThatThrownBy(
            () ->
                new LedgerEntry(
                    "p",
                    batch(),
                    LedgerEntry.EARLY - 1,
                    BatchState.OPEN,
                    Optional.empty(),
                    Books.EMPTY,
                    List.of(),
                    List.of(),
                    Map.of(),
                    Instant.EPOCH,
                    ""))
        .hasMessageContaining("count from 1");
  }

  private static LedgerEntry loaded(Map<String, Long> rows) {
    return entry(BatchState.LOADED, SEVEN_READ_FIVE_ACCEPTED, FIVE_MERGED_TO_THREE_ROWS, rows);
  }

  private static LedgerEntry entry(
      BatchState state, Books books, List<LedgerEntry.Share> shares, Map<String, Long> loaded) {
    return new LedgerEntry(
        "p",
        batch(),
        1,
        state,
        state == BatchState.OPEN ? Optional.empty() : Optional.of(CloseReason.CLOCK),
        books,
        List.of(),
        shares,
        loaded,
        Instant.EPOCH,
        "");
  }

  private static Batch batch() {
    return new Batch(Instant.EPOCH, Instant.EPOCH.plusSeconds(1));
  }
}
