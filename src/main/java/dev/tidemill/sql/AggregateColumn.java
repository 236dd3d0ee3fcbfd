package dev.tidemill.sql;

import java.util.function.Supplier;

/**
 * One aggregate of the statement.
 *
 * @param text as it was written
 * @param filter the position in the aggregated row of the condition of FILTER; {@link #EVERY_ROW}
 *     if there is none
 * @param positions of its arguments in the aggregated row; none for COUNT(*)
 * @param allowsNulls whether it gets the arguments also if one of several is NULL
 * @param needsPlace whether it depends on where rows come from
 * @param accumulator makes the aggregate of an empty group
 */
record AggregateColumn(
    String text,
    int filter,
    int[] positions,
    boolean allowsNulls,
    boolean needsPlace,
    Supplier<Accumulator> accumulator) {
  static final int EVERY_ROW = -1;

  Accumulator create() {
    return accumulator.get();
  }

  boolean admits(Object[] row) {
    return filter == EVERY_ROW || Boolean.TRUE.equals(row[filter]);
  }

  /** The argument, or an array of several. */
  Object argument(Object[] row) {
    return switch (positions.length) {
      case 0 -> Boolean.TRUE;
      case 1 -> allowsNulls ? several(row) : row[positions[0]];
      default -> several(row);
    };
  }

  private Object[] several(Object[] row) {
    var arguments = new Object[positions.length];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = row[positions[i]];
      if (arguments[i] == null && !allowsNulls) {
        return null;
      }
    }
    return arguments;
  }
}
