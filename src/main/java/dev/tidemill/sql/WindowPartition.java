package dev.tidemill.sql;

import java.util.Comparator;
import java.util.List;

/** The rows of one partition of a window in their order, and which of them are peers. */
final class WindowPartition {
  private final List<Object[]> rows;
  private final int[] firstPeer;
  private final int[] lastPeer;

  WindowPartition(List<Object[]> rows, Comparator<Object[]> order) {
    this.rows = rows;
    firstPeer = new int[rows.size()];
    lastPeer = new int[rows.size()];
    for (int i = 0; i < rows.size(); i++) {
      boolean peer = i > 0 && order.compare(rows.get(i - 1), rows.get(i)) == 0;
      firstPeer[i] = peer ? firstPeer[i - 1] : i;
    }
    for (int i = rows.size() - 1; i >= 0; i--) {
      boolean peer = i + 1 < rows.size() && firstPeer[i + 1] == firstPeer[i];
      lastPeer[i] = peer ? lastPeer[i + 1] : i;
    }
  }

  int size() {
    return rows.size();
  }

  Object[] row(int i) {
    return rows.get(i);
  }

  int firstPeer(int i) {
    return firstPeer[i];
  }

  int lastPeer(int i) {
    return lastPeer[i];
  }
}
