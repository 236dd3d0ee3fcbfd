package dev.tidemill.sql;

/**
 * One aggregate of one group. What it holds is a function of the multiset of values and their
 * places, not of the order in which they come (rule 13). Not thread-safe.
 */
abstract sealed class Accumulator
    permits BitwiseFold,
        Chosen,
        Constant,
        Counter,
        DecimalMoments,
        DecimalSum,
        Distinct,
        DoubleMoments,
        DoubleSum,
        Extreme,
        Frequencies,
        HyperLogLog,
        IntegerSum,
        PairMoments,
        Sequence,
        SingleValue,
        UserState {

  /** Whether the aggregate ends as its sum or its average. */
  enum Ending {
    SUM,
    AVERAGE
  }

  /**
   * @param value the argument's value for one row; null is a SQL NULL. An aggregate of several
   *     arguments gets an array of them
   */
  abstract void add(Object value);

  /** The same for a row from somewhere, which most aggregates need not know. */
  void add(Object value, Place place) {
    add(value);
  }

  /**
   * @param other of the same aggregate; not changed in value
   */
  abstract void merge(Accumulator other);

  abstract void encode(Bytes out);

  /** Takes the state that {@link #encode} wrote, in place of its own. */
  abstract void decode(BytesReader in);

  /**
   * @return the aggregate's value; null is a SQL NULL
   * @throws ArithmeticException if the value does not fit the aggregate's type
   */
  abstract Object value();
}
