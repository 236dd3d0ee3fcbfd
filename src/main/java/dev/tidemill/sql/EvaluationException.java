package dev.tidemill.sql;

/**
 * An expression of the statement can not be evaluated for one row: division by zero, a bad CAST, an
 * overflow. The message holds the expression's text as it was written, and the reason.
 */
public final class EvaluationException extends Exception {
  private static final long serialVersionUID = 1L;
  private final String step;

  public EvaluationException(String message) {
    this("sql", message);
  }

  /**
   * @param step in which it happened, as rejects name it
   */
  EvaluationException(String step, String message) {
    // A reject is data: its stack trace says nothing, and a bad topic has millions of them.
    super(message, null, false, false);
    this.step = step;
  }

  /** As rejects name it: {@code sql}, or {@code join} if a table has no row. */
  public String step() {
    return step;
  }
}
