package dev.tidemill.load;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.LedgerEntry;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a target has to hold by the ledger: the entries that are READY, and those that are LOADED,
 * since the target is the truth about what it holds; its table may have been lost. Not thread-safe.
 */
final class ReadyBatches {
  private final Map<Instant, TreeMap<Integer, LedgerEntry>> ready = new HashMap<>();

  /** Takes the newest word on an attempt of a batch. */
  void accept(LedgerEntry entry) {
    Instant batch = entry.batch().start();
    if (entry.state() == BatchState.READY || entry.state() == BatchState.LOADED) {
      ready.computeIfAbsent(batch, b -> new TreeMap<>()).put(entry.attempt(), entry);
      return;
    }
    TreeMap<Integer, LedgerEntry> attempts = ready.get(batch);
    if (attempts != null && attempts.remove(entry.attempt()) != null && attempts.isEmpty()) {
      ready.remove(batch);
    }
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
