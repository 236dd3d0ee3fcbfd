package dev.tidemill.sql;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.rel.core.JoinRelType;

/**
 * A hash join: the right side is held in the heap by its key, the left side goes by. Rows come in
 * the order of the left side, and within it of the right one; then what is left of the right one.
 */
final class JoinedRows implements Rows {

  /**
   * @param nullsMatch for each column whether NULL equals NULL
   */
  record Keys(List<KeyColumn> left, List<KeyColumn> right, List<Boolean> nullsMatch) {

    private Optional<ByteBuffer> of(Object[] row, List<KeyColumn> columns) {
      return KeyColumn.key(columns, nullsMatch, row).map(ByteBuffer::wrap);
    }
  }

  /** Is told of each row of a side whether it has a partner. */
  interface Found {
    void count(boolean any);
  }

  /** A row of the right side. */
  private static final class Match {
    private final Object[] row;
    private boolean matched;

    Match(Object[] row) {
      this.row = row;
    }
  }

  private final Rows left;
  private final Rows right;
  private final JoinRelType type;
  private final Keys keys;
  private final RowOperator condition;
  private final int leftWidth;
  private final int rightWidth;
  private final Found ofLeft;
  private final Found ofRight;

  private Map<ByteBuffer, List<Match>> byKey;
  private final List<Match> all = new ArrayList<>();
  private Object[] leftRow;
  private List<Match> candidates = List.of();
  private int candidate;
  private boolean leftMatched;
  private boolean leftIsOver;
  private int unmatched;

  /**
   * @param condition what must hold beside the keys; returns null for a row for which it does not
   */
  JoinedRows(
      Rows left,
      Rows right,
      JoinRelType type,
      Keys keys,
      RowOperator condition,
      int leftWidth,
      int rightWidth,
      Found ofLeft,
      Found ofRight) {
    this.left = left;
    this.right = right;
    this.type = type;
    this.keys = keys;
    this.condition = condition;
    this.leftWidth = leftWidth;
    this.rightWidth = rightWidth;
    this.ofLeft = ofLeft;
    this.ofRight = ofRight;
  }

  @Override
  public Object[] next() throws EvaluationException {
    if (byKey == null) {
      hold();
    }
    while (!leftIsOver) {
      if (leftRow == null && !goOn()) {
        leftIsOver = true;
        break;
      }
      Object[] found = nextMatch();
      if (found != null) {
        return found;
      }
      ofLeft.count(leftMatched);
      Object[] alone = leftMatched ? null : alone();
      leftRow = null;
      if (alone != null) {
        return alone;
      }
    }
    return type.generatesNullsOnLeft() ? nextUnmatched() : null;
  }

  private void hold() throws EvaluationException {
    byKey = new HashMap<>();
    try (right) {
      for (Object[] row = right.next(); row != null; row = right.next()) {
        var match = new Match(row);
        keys.of(row, keys.right)
            .ifPresent(key -> byKey.computeIfAbsent(key, k -> new ArrayList<>(1)).add(match));
        if (type.generatesNullsOnLeft()) {
          all.add(match);
        }
      }
    }
  }

  private boolean goOn() throws EvaluationException {
    leftRow = left.next();
    if (leftRow == null) {
      return false;
    }
    candidates = keys.of(leftRow, keys.left).map(key -> byKey.get(key)).orElse(List.of());
    candidate = 0;
    leftMatched = false;
    return true;
  }

  /** The next match of the left row, or null. */
  private Object[] nextMatch() throws EvaluationException {
    while (candidate < candidates.size()) {
      Match match = candidates.get(candidate++);
      Object[] both = both(leftRow, match.row);
      if (condition.apply(both) == null) {
        continue;
      }
      match.matched = true;
      leftMatched = true;
      if (type.projectsRight()) {
        return both;
      }
      candidates = List.of(); // one is enough
      if (type == JoinRelType.SEMI) {
        return leftRow;
      }
    }
    return null;
  }

  private Object[] alone() {
    if (type == JoinRelType.ANTI) {
      return leftRow;
    }
    return type.generatesNullsOnRight() ? both(leftRow, new Object[rightWidth]) : null;
  }

  private Object[] nextUnmatched() {
    while (unmatched < all.size()) {
      Match match = all.get(unmatched++);
      ofRight.count(match.matched);
      if (!match.matched) {
        return both(new Object[leftWidth], match.row);
      }
    }
    return null;
  }

  private Object[] both(Object[] a, Object[] b) {
    var both = new Object[leftWidth + rightWidth];
    System.arraycopy(a, 0, both, 0, leftWidth);
    System.arraycopy(b, 0, both, leftWidth, rightWidth);
    return both;
  }

  @Override
  public void close() {
    left.close();
    right.close();
  }
}
