package dev.tidemill.sql;

/**
 * The aggregates of one group, mergeable in any order and any grouping with the same result to the
 * last bit (rule 13). Not thread-safe.
 */
public interface Accumulators {

  /**
   * Adds one row, in the form that the branch's {@link RowOperator} made. No row can be refused
   * here: it may be counted in another group already. What does not fit is told when it is read.
   *
   * @param place where it comes from; {@link Place#NONE} will do unless {@link
   *     Aggregation#needsPlace}
   */
  void add(Object[] row, Place place);

  /** Adds a row whose place does not matter. */
  default void add(Object[] row) {
    add(row, Place.NONE);
  }

  /** Adds what {@code other} has gathered. {@code other} is not changed. */
  void merge(Accumulators other);

  /** A self-contained form for {@link Aggregation#decode}; begins with a version byte. */
  byte[] encode();
}
