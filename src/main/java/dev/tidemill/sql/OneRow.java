package dev.tidemill.sql;

/** One row without columns. */
final class OneRow implements Rows {
  private boolean given;

  @Override
  public Object[] next() {
    if (given) {
      return null;
    }
    given = true;
    return new Object[0];
  }
}
