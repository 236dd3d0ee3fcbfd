package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The first rows of an order: it keeps no more than these in the heap, however many it is given. Of
 * equal rows those are before the others that came before them. Not thread-safe.
 */
final class TopRows {
  private record Placed(Object[] row, long place) {}

  private final int most;
  private final Comparator<Object[]> order;
  private final Comparator<Placed> inOrder;

  /** The one that is given up next stands first. */
  private final PriorityQueue<Placed> kept;

  private long given;

  /**
   * @param most rows that are kept
   */
  TopRows(Comparator<Object[]> order, int most) {
    this.order = order;
    this.most = most;
    this.inOrder = Comparator.comparing(Placed::row, order).thenComparingLong(Placed::place);
    this.kept = new PriorityQueue<>(inOrder.reversed());
  }

  void add(Object[] row) {
    long place = given++;
    if (kept.size() < most) {
      kept.add(new Placed(row, place));
    } else if (most > 0 && order.compare(row, kept.element().row) < 0) {
      kept.remove();
      kept.add(new Placed(row, place));
    }
  }

  int size() {
    return kept.size();
  }

  List<Object[]> sorted() {
    List<Placed> rows = new ArrayList<>(kept);
    rows.sort(inOrder);
    return rows.stream().map(Placed::row).toList();
  }
}
