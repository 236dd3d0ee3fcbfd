package dev.tidemill.sql;

/** Rows that pass a filter, projected. */
final class MappedRows implements Rows {
  private final Rows from;
  private final RowOperator step;

  MappedRows(Rows from, RowOperator step) {
    this.from = from;
    this.step = step;
  }

  @Override
  public Object[] next() throws EvaluationException {
    for (Object[] row = from.next(); row != null; row = from.next()) {
      Object[] out = step.apply(row);
      if (out != null) {
        return out;
      }
    }
    return null;
  }

  @Override
  public void close() {
    from.close();
  }
}
