package dev.tidemill.sql;

/**
 * What a share does with its part of a batch when the batch closes: joins, windows, the top of a
 * list; whatever is more than a step over each group. Immutable and thread-safe; what it opens is
 * not.
 *
 * <p>Its rows come in an order that is a function of what the share holds: run again, it gives the
 * same rows in the same order.
 */
public interface Program {

  /** What the share holds. */
  interface Held {

    /**
     * Rows of an {@link Input}, or its groups as {@link Aggregation#row} makes them; always in the
     * same order.
     */
    Rows rows(int input);

    TableAccess tables();

    /** Knows the batch. */
    RowContext context();

    /** Is told what the joins find. */
    JoinCounter joins();

    /** Whether this share is the one that has what must be in one share. */
    boolean isHome();
  }

  /**
   * @throws EvaluationException if an expression can not be evaluated
   */
  Rows run(Held held) throws EvaluationException;
}
