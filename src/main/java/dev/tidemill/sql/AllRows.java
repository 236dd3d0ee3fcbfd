package dev.tidemill.sql;

import java.util.Iterator;

/** All rows of several programs, one after the other. */
final class AllRows implements Rows {
  private final Iterator<Program> programs;
  private final Program.Held held;
  private Rows rows;

  AllRows(Iterator<Program> programs, Program.Held held) {
    this.programs = programs;
    this.held = held;
  }

  @Override
  public Object[] next() throws EvaluationException {
    while (rows != null || programs.hasNext()) {
      if (rows == null) {
        rows = programs.next().run(held);
      }
      Object[] row = rows.next();
      if (row != null) {
        return row;
      }
      close();
    }
    return null;
  }

  @Override
  public void close() {
    if (rows != null) {
      rows.close();
      rows = null;
    }
  }
}
