package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.Books;
import dev.tidemill.batch.CloseReason;
import dev.tidemill.batch.LedgerEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LatestBatchesTest {
  private static final Instant NIGHT = Instant.parse("2026-01-01T02:00:00Z");

  /** Of the n-th day. */
  private static LedgerEntry batch(int day, BatchState state, Instant changed) {
    Instant start = Instant.EPOCH.plus(Duration.ofDays(day));
    return new LedgerEntry(
        "nightly",
        new Batch(start, start.plus(Duration.ofDays(1))),
        1,
        state,
        Optional.of(CloseReason.CLOCK),
        Books.EMPTY,
        List.of(),
        List.of(),
        Map.of(),
        changed,
        "");
  }

  /** Each changed in the night after it. */
  private static List<LedgerEntry> loaded(int days) {
    return new ArrayList<>(
        IntStream.range(0, days)
            .mapToObj(day -> batch(day, BatchState.LOADED, NIGHT.plus(Duration.ofDays(day))))
            .toList());
  }

  @Test
  void a_short_ledger_is_shown_as_it_is() {
    assertThat(LatestBatches.of(loaded(3), 3)).isEqualTo(new LatestBatches(loaded(3), 0));
  }

  @Test
  void of_a_long_one_those_that_changed_last_are_shown_in_its_order() {
    List<LedgerEntry> entries = loaded(10);
    LedgerEntry amended = batch(2, BatchState.LOADED, NIGHT.plus(Duration.ofDays(20)));
    entries.set(2, amended);
    assertThat(LatestBatches.of(entries, 3))
        .isEqualTo(new LatestBatches(List.of(amended, entries.get(8), entries.get(9)), 7));
  }

  @Test
  void what_somebody_has_to_look_at_is_always_shown() {
    List<LedgerEntry> entries = loaded(10);
    LedgerEntry failed = batch(1, BatchState.FAILED, NIGHT);
    LedgerEntry open = batch(4, BatchState.OPEN, NIGHT);
    entries.set(1, failed);
    entries.set(4, open);
    assertThat(LatestBatches.of(entries, 1))
        .isEqualTo(new LatestBatches(List.of(failed, open, entries.get(9)), 7));
  }
}
