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
    OptionalLong most = most(offset, fetch);
    List<Object[]> rows =
        most.isPresent() ? first(from, order, (int) most.getAsLong()) : all(from, order);
    return new ListedRows(rows.subList((int) Math.min(offset, rows.size()), rows.size()));
  }

  /** How many rows are in the heap at most; empty: all. */
  static OptionalLong most(long offset, OptionalLong fetch) {
    return fetch.isPresent() && offset <= Integer.MAX_VALUE - fetch.getAsLong()
        ? OptionalLong.of(offset + fetch.getAsLong())
        : OptionalLong.empty();
  }

  private static List<Object[]> all(Rows from, Comparator<Object[]> order)
      throws EvaluationException {
    List<Object[]> rows = ListedRows.all(from);
    rows.sort(order);
    return rows;
  }

  /** Reads all rows: one that can not be evaluated fails the batch wherever it stands. */
  private static List<Object[]> first(Rows from, Comparator<Object[]> order, int most)
      throws EvaluationException {
    TopRows top = new TopRows(order, most);
    try (from) {
      for (Object[] row = from.next(); row != null; row = from.next()) {
        top.add(row);
      }
    }
    return top.sorted();
  }
}
