package dev.tidemill.batch;

/**
 * What a join found for the rows that looked for a partner. Counts of rows, never negative.
 * Immutable.
 *
 * @param hits rows that found one or more
 * @param misses rows that found none
 */
public record JoinCount(long hits, long misses) {
  public static final JoinCount NONE = new JoinCount(0, 0);

  public JoinCount {
    if (hits < 0 || misses < 0) {
      throw new IllegalArgumentException("counts must not be negative");
    }
  }

  public JoinCount plus(JoinCount other) {
    return new JoinCount(hits + other.hits, misses + other.misses);
  }
}
