package dev.tidemill.sql;

/** From one row to none, one or several. Not thread-safe: one per task. */
public interface Expansion {

  /** Takes rows, and what the lookups for them found. */
  interface Out extends JoinCounter {
    void row(Object[] row) throws EvaluationException;
  }

  /**
   * @param time the event time of the row's record, in ms since the epoch
   * @throws EvaluationException if an expression can not be evaluated; the rows that were given
   *     before it do not count
   */
  void apply(Object[] row, long time, Out out) throws EvaluationException;
}
