package dev.tidemill.load;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.LedgerEntry;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a target has to hold by the ledger: the entries that are READY, and those that are LOADED,
 * since the target is the truth about what it holds; its table may have been lost. Of a batch that
 * is open, its early result, as attempt {@link LedgerEntry#EARLY}. Not thread-safe.
 */
final class ReadyBatches {
  private final Map<Instant, TreeMap<Integer, LedgerEntry>> ready = new HashMap<>();

  /**
   * Takes the newest word on an attempt of a batch.
   *
   * @return whether there is something to publish that was not there before
   */
  boolean accept(LedgerEntry entry) {
    Instant batch = entry.batch().start();
    TreeMap<Integer, LedgerEntry> attempts = ready.computeIfAbsent(batch, b -> new TreeMap<>());
    LedgerEntry earlyBefore = attempts.remove(LedgerEntry.EARLY);
    boolean news = entry.state() == BatchState.READY;
    if (news || entry.state() == BatchState.LOADED) {
      attempts.put(entry.attempt(), entry);
    } else {
      attempts.remove(entry.attempt());
      Optional<LedgerEntry> early = entry.earlyAttempt();
      early.ifPresent(now -> attempts.put(LedgerEntry.EARLY, now));
      // The entry of an open batch is written whenever more was read.
      news = early.isPresent() && !sameShares(earlyBefore, early.get());
    }
    if (attempts.isEmpty()) {
      ready.remove(batch);
    }
    return news;
  }

  private static boolean sameShares(LedgerEntry before, LedgerEntry now) {
    return before != null && shareAttempts(before).equals(shareAttempts(now));
  }

  private static List<Integer> shareAttempts(LedgerEntry entry) {
    return entry.shares().stream().map(LedgerEntry.Share::attempt).toList();
  }

  /** The latest attempt of a batch that has to be there. */
  Optional<LedgerEntry> latest(Instant batch) {
    return Optional.ofNullable(ready.get(batch)).map(attempts -> attempts.lastEntry().getValue());
  }

  /** Starts of all batches that have to be there. */
  Set<Instant> batches() {
    return Set.copyOf(ready.keySet());
  }

  void clear() {
    ready.clear();
  }
}
