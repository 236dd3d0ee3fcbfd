package dev.tidemill.sql;

/**
 * The aggregates of one group, mergeable in any order and any grouping with the same result to the
 * last bit (rule 13). Not thread-safe.
 */
public interface Accumulators {

  /**
   * Adds one row, in the form that the branch's {@link RowOperator} made.
   *
   * @param place where it comes from; {@link Place#NONE} will do unless {@link
   *     Aggregation#needsPlace}
   * @throws EvaluationException if the row can not be aggregated; the accumulators are then
   *     unchanged
   */
  void add(Object[] row, Place place) throws EvaluationException;

  /** Adds a row whose place does not matter. */
  default void add(Object[] row) throws EvaluationException {
    add(row, Place.NONE);
  }

  /** Adds what {@code other} has gathered. {@code other} is not changed. */
  void merge(Accumulators other);

  /** A self-contained form for {@link Aggregation#decode}; begins with a version byte. */
  byte[] encode();
}
