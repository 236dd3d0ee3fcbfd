package dev.tidemill.cli;

import dev.tidemill.schema.Reject;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How many rejects there are of each kind, and the first of each step and reason. */
final class RejectCounts {
  /** What reasons differ in is taken out; a bound all the same, as somebody's data is in them. */
  private static final int MAX_KINDS = 10_000;

  private static final String OTHERS = "(other reasons)";

  private final TreeMap<RejectKind, Long> counts = new TreeMap<>();
  private final Map<RejectKind, Reject> firsts = new HashMap<>();

  void add(Reject reject) {
    RejectKind kind = RejectKind.of(reject);
    if (counts.size() >= MAX_KINDS && !counts.containsKey(kind)) {
      kind = new RejectKind(kind.batch(), kind.step(), OTHERS);
    }
    counts.merge(kind, 1L, Long::sum);
    firsts.putIfAbsent(kind.ofAnyBatch(), reject);
  }

  SortedMap<RejectKind, Long> byKind() {
    return Collections.unmodifiableSortedMap(counts);
  }

  /** The same over all batches. */
  SortedMap<RejectKind, Long> byReason() {
    TreeMap<RejectKind, Long> sums = new TreeMap<>();
    counts.forEach((kind, count) -> sums.merge(kind.ofAnyBatch(), count, Long::sum));
    return sums;
  }

  /**
   * @param kind one of {@link #byReason}
   */
  Reject first(RejectKind kind) {
    return firsts.get(kind);
  }
}
