package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Rows that are in the heap. */
final class ListedRows implements Rows {
  private final Iterator<Object[]> rows;

  ListedRows(Iterable<Object[]> rows) {
    this.rows = rows.iterator();
  }

  /** All rows, which are closed then. */
  static List<Object[]> all(Rows rows) throws EvaluationException {
    var all = new ArrayList<Object[]>();
    try (rows) {
      for (Object[] row = rows.next(); row != null; row = rows.next()) {
        all.add(row);
      }
    }
    return all;
  }

  @Override
  public Object[] next() {
    return rows.hasNext() ? rows.next() : null;
  }
}
