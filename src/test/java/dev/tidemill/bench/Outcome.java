package dev.tidemill.bench;

/**
 * What a contender's results add up to.
 *
 * @param rows one for each hour and customer
 * @param orders sum of the counts
 * @param eur sum of the sums
 * @param fingerprint of hour, customer and count of every row, whatever their order
 */
record Outcome(long rows, long orders, double eur, long fingerprint) {
  /** Sums of doubles depend on their order; this is 1 cent in 10 million euros. */
  private static final double TOLERANCE = 1e-9;

  boolean matches(Outcome expected) {
    return rows == expected.rows
        && orders == expected.orders
        && fingerprint == expected.fingerprint
        && Math.abs(eur - expected.eur) <= TOLERANCE * Math.abs(expected.eur);
  }

  /** Adds up rows. Not thread-safe. */
  static final class Tally {
    private long rows;
    private long orders;
    private double eur;
    private long fingerprint;

    /**
     * @param hour its start, ms since the epoch
     */
    void add(long hour, long customer, long count, double sum) {
      rows++;
      orders += count;
      eur += sum;
      fingerprint += mixed(mixed(mixed(hour) + customer) + count);
    }

    Outcome outcome() {
      return new Outcome(rows, orders, eur, fingerprint);
    }

    /** The finalizer of SplitMix64. */
    private static long mixed(long value) {
      long z = value + 0x9e3779b97f4a7c15L;
      z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
      z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
      return z ^ (z >>> 31);
    }
  }
}
