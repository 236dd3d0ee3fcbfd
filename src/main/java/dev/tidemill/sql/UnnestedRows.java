package dev.tidemill.sql;

import java.util.Arrays;
import java.util.List;

/** Rows with each element of an array in them; see {@link Unnest}. */
final class UnnestedRows implements Rows {
  private final Rows from;
  private final Elements elements;
  private Object[] row;
  private List<?> array = List.of();
  private int next;

  /**
   * Which array, and what is made of it.
   *
   * @param array its column
   * @param width of the row
   * @param form what is added to it
   * @param outer whether a row stays without any
   */
  record Elements(int array, int width, Unnest.Form form, boolean outer) {
    /** The elements of the row's array; empty if it has none. */
    List<?> of(Object[] row) {
      var elements = (List<?>) row[array];
      return elements == null ? List.of() : elements;
    }

    /** The row with one element. */
    Object[] with(Object[] row, List<?> elements, int index) {
      Object[] with = alone(row);
      Object element = elements.get(index);
      if (!form.isRecord()) {
        with[width] = element;
      } else if (element != null) {
        var values = (List<?>) element;
        for (int i = 0; i < values.size(); i++) {
          with[width + i] = values.get(i);
        }
      }
      if (form.isNumbered()) {
        with[with.length - 1] = index + 1;
      }
      return with;
    }

    /** The row without any. */
    Object[] alone(Object[] row) {
      return Arrays.copyOf(row, width + form.width());
    }
  }

  UnnestedRows(Rows from, Elements elements) {
    this.from = from;
    this.elements = elements;
  }

  @Override
  public Object[] next() throws EvaluationException {
    while (next == array.size()) {
      row = from.next();
      if (row == null) {
        array = List.of();
        next = 0;
        return null;
      }
      array = elements.of(row);
      next = 0;
      if (array.isEmpty() && elements.outer()) {
        return elements.alone(row);
      }
    }
    return elements.with(row, array, next++);
  }

  @Override
  public void close() {
    from.close();
  }
}
