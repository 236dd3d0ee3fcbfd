package dev.tidemill.query;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.LedgerEntry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Questions about the ledger, as far as it is known here. */
public final class LedgerPages {
  private LedgerPages() {}

  /**
   * Which entries.
   *
   * @param from batches that start then or later
   * @param to batches that start before
   * @param states empty for all
   */
  public record Selection(Optional<Instant> from, Optional<Instant> to, Set<BatchState> states) {
    boolean has(LedgerEntry entry) {
      Instant start = entry.batch().start();
      return from.map(time -> !start.isBefore(time)).orElse(true)
          && to.map(start::isBefore).orElse(true)
          && (states.isEmpty() || states.contains(entry.state()));
    }
  }

  /**
   * @param next start of the last entry, behind which to go on; empty if there are no more
   */
  public record Entries(List<LedgerEntry> entries, Optional<Instant> next) {}

  /**
   * @param entries oldest first
   * @param after go on behind the batch that starts then
   */
  public static Entries page(
      List<LedgerEntry> entries, Selection selection, Optional<Instant> after, int limit) {
    List<LedgerEntry> found =
        selected(entries, selection)
            .filter(e -> after.map(time -> e.batch().start().isAfter(time)).orElse(true))
            .limit(limit + 1L)
            .toList();
    boolean more = found.size() > limit;
    List<LedgerEntry> page = more ? found.subList(0, limit) : found;
    return new Entries(
        page, more ? Optional.of(page.get(limit - 1).batch().start()) : Optional.empty());
  }

  public static Optional<LedgerEntry> find(List<LedgerEntry> entries, Instant start) {
    return entries.stream().filter(e -> e.batch().start().equals(start)).findFirst();
  }

  private static Stream<LedgerEntry> selected(List<LedgerEntry> entries, Selection selection) {
    return entries.stream().filter(selection::has);
  }
}
