package dev.tidemill.sql;

import java.math.BigDecimal;

/**
 * Which rows of its partition a row sees.
 *
 * @param rows whether bounds count rows; else they are by the order's value
 * @param by what is measured, if a bound is a distance by value; else null
 */
record WindowFrame(boolean rows, Bound from, Bound to, Measure by) {

  /**
   * @param distance negative before the row; null without end
   */
  record Bound(BigDecimal distance) {
    static final Bound UNBOUNDED = new Bound(null);
    static final Bound CURRENT = new Bound(BigDecimal.ZERO);

    boolean isUnbounded() {
      return distance == null;
    }

    boolean isCurrent() {
      return !isUnbounded() && distance.signum() == 0;
    }
  }

  /** The one column of the order. */
  record Measure(int column, boolean descending) {
    private BigDecimal of(Object[] row) {
      Object value = row[column];
      if (value == null) {
        return null;
      }
      return value instanceof BigDecimal decimal ? decimal : new BigDecimal(value.toString());
    }
  }

  static boolean canMeasure(ValueType type) {
    return type == ValueType.INT || type == ValueType.LONG || type == ValueType.DECIMAL;
  }

  boolean isByValue() {
    return !rows && (isDistance(from) || isDistance(to));
  }

  private static boolean isDistance(Bound bound) {
    return !bound.isUnbounded() && !bound.isCurrent();
  }

  boolean isWholePartition() {
    return from.isUnbounded() && to.isUnbounded();
  }

  /** Whether the frame only ever grows from one row to the next. */
  boolean grows() {
    return from.isUnbounded();
  }

  /** The first row that row {@code i} sees. */
  int first(WindowPartition partition, int i) {
    if (from.isUnbounded()) {
      return 0;
    }
    if (rows) {
      return (int) Math.max(0, i + from.distance.longValue());
    }
    if (from.isCurrent()) {
      return partition.firstPeer(i);
    }
    int first = 0;
    while (first < partition.size() && distance(partition, i, first) < 0) {
      first++;
    }
    return nullOrder(partition, i, partition.firstPeer(i), first);
  }

  /** The last row that row {@code i} sees; less than {@link #first} if it sees none. */
  int last(WindowPartition partition, int i) {
    if (to.isUnbounded()) {
      return partition.size() - 1;
    }
    if (rows) {
      return (int) Math.min(partition.size() - 1, i + to.distance.longValue());
    }
    if (to.isCurrent()) {
      return partition.lastPeer(i);
    }
    int last = partition.size() - 1;
    while (last >= 0 && distanceTo(partition, i, last) > 0) {
      last--;
    }
    return nullOrder(partition, i, partition.lastPeer(i), last);
  }

  private int nullOrder(WindowPartition partition, int i, int peers, int found) {
    return by.of(partition.row(i)) == null ? peers : found;
  }

  /** Negative if {@code other} is before the frame's start. Rows without a value are outside. */
  private int distance(WindowPartition partition, int i, int other) {
    return compare(partition, i, other, from, -1);
  }

  /** Positive if {@code other} is behind the frame's end. */
  private int distanceTo(WindowPartition partition, int i, int other) {
    return compare(partition, i, other, to, 1);
  }

  private int compare(WindowPartition partition, int i, int other, Bound bound, int outside) {
    BigDecimal here = by.of(partition.row(i));
    BigDecimal there = by.of(partition.row(other));
    if (here == null || there == null) {
      return here == there ? 0 : outside;
    }
    BigDecimal limit = by.descending ? here.subtract(bound.distance) : here.add(bound.distance);
    return by.descending ? limit.compareTo(there) : there.compareTo(limit);
  }
}
