package dev.tidemill.sql;

/** The one group of an aggregation without GROUP BY, which is there even if no row is. */
final class TotalRows implements Rows {
  private final Rows held;
  private final GroupBy by;
  private boolean given;

  TotalRows(Rows held, GroupBy by) {
    this.held = held;
    this.by = by;
  }

  @Override
  public Object[] next() throws EvaluationException {
    if (given) {
      return null;
    }
    given = true;
    Object[] total = held.next();
    return total != null ? total : by.row(new byte[0], by.create());
  }

  @Override
  public void close() {
    held.close();
  }
}
