package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What the shares of a batch that is open have written last: a result of the records that had come
 * by then, which nobody takes for the final one. Immutable.
 *
 * <p>Nothing says that all records are in it that intake had counted: they are on their way to the
 * shares. What is checked is each share by itself: that its rows are all there.
 *
 * @param shares one for each, in their order; {@link LedgerEntry.Share#EMPTY} for one that has
 *     written nothing
 * @param at when the last of these was heard of, by the wall clock
 */
public record EarlyResult(List<LedgerEntry.Share> shares, Instant at) {

  public EarlyResult {
    shares = List.copyOf(shares);
    requireNonNull(at, "at");
  }

  static EarlyResult none(int shares, Instant now) {
    return new EarlyResult(Collections.nCopies(shares, LedgerEntry.Share.EMPTY), now);
  }

  EarlyResult with(int index, LedgerEntry.Share share, Instant now) {
    List<LedgerEntry.Share> changed = new ArrayList<>(shares);
    changed.set(index, share);
    return new EarlyResult(changed, now);
  }

  /** Of all shares, and all statements. */
  public long rows() {
    return shares.stream().mapToLong(LedgerEntry.Share::rows).sum();
  }

  /** Source records that the rows were made of. */
  public long records() {
    return shares.stream().mapToLong(LedgerEntry.Share::merged).sum();
  }
}
