package dev.tidemill.sql;

/** Rows, one after the other. Not thread-safe. To be closed. */
public interface Rows extends AutoCloseable {

  /**
   * @return the next row, or null behind the last
   * @throws EvaluationException if an expression can not be evaluated
   */
  Object[] next() throws EvaluationException;

  @Override
  default void close() {}
}
