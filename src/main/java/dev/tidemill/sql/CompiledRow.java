package dev.tidemill.sql;

/**
 * What generated code extends. Public only because generated classes have their own class loader;
 * not for use.
 */
public abstract class CompiledRow {

  /** What pseudo-columns are read from. */
  protected RowContext context = RowContext.NONE;

  /**
   * @return the resulting row, or null if a filter does not hold
   * @throws Throwable whatever a function of the user throws
   */
  public abstract Object[] evaluate(Object[] row) throws Throwable;
}
