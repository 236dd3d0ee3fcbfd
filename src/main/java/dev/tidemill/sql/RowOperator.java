package dev.tidemill.sql;

/**
 * A compiled filter and projection: one row in, one or no row out. Not thread-safe: one per task.
 */
public interface RowOperator {

  /**
   * @return the resulting row, or null if the row is filtered out
   * @throws EvaluationException if an expression can not be evaluated for this row
   */
  Object[] apply(Object[] row) throws EvaluationException;
}
