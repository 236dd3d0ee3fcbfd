package dev.tidemill.cli;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.LedgerEntry;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the end of a run shows of a ledger that grows for years: the batches that changed last, and
 * all that somebody has to look at.
 *
 * @param shown in the ledger's order
 * @param leftOut how many there are besides; all of them are loaded and balanced
 */
record LatestBatches(List<LedgerEntry> shown, int leftOut) {

  /**
   * @param most that are shown, unless somebody has to look at more
   */
  static LatestBatches of(List<LedgerEntry> entries, int most) {
    Set<LedgerEntry> latest =
        new HashSet<>(
            entries.stream()
                .sorted(Comparator.comparing(LedgerEntry::updatedAt).reversed())
                .limit(most)
                .toList());
    List<LedgerEntry> shown =
        entries.stream().filter(entry -> latest.contains(entry) || !isDone(entry)).toList();
    return new LatestBatches(shown, entries.size() - shown.size());
  }

  private static boolean isDone(LedgerEntry entry) {
    return entry.state() == BatchState.LOADED && entry.balances();
  }
}
