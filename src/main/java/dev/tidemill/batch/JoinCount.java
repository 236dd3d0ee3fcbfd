package dev.tidemill.batch;

/**
 * What a join found for the rows that looked for a partner. Counts of rows, never negative.
 * Immutable.
 *
 * @param hits rows that found one or more
 * @param misses rows that found none
 * @param waitedOut of these and those, rows that looked at a table as it was before it knew their
 *     time, since the wait for it was over: they may have missed a version
 */
public record JoinCount(long hits, long misses, long waitedOut) {
  public static final JoinCount NONE = new JoinCount(0, 0);

  /** Of rows that did not have to wait, or not for too long. */
  public JoinCount(long hits, long misses) {
    this(hits, misses, 0);
  }

  public JoinCount {
    if (hits < 0 || misses < 0 || waitedOut < 0) {
      throw new IllegalArgumentException("counts must not be negative");
    }
  }

  public JoinCount plus(JoinCount other) {
    return new JoinCount(hits + other.hits, misses + other.misses, waitedOut + other.waitedOut);
  }
}
