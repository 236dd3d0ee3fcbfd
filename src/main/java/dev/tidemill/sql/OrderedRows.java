package dev.tidemill.sql;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/** Sorts. */
final class OrderedRows {
  private OrderedRows() {}

  /** Rows that are equal by {@code order} stay as they came. */
  static Rows of(Rows from, Comparator<Object[]> order, long offset, OptionalLong fetch)
      throws EvaluationException {
    List<Object[]> rows = ListedRows.all(from);
    rows.sort(order);
    int first = (int) Math.min(offset, rows.size());
    int behind =
        (int) Math.min(rows.size(), fetch.isPresent() ? first + fetch.getAsLong() : rows.size());
    return new ListedRows(rows.subList(first, behind));
  }
}
