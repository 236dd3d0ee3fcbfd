package dev.tidemill.topology;

import dev.tidemill.sql.Expansion;
import java.util.Arrays;
import java.util.List;

/**
 * The rows that one record makes, of which branch each is, and what its lookups found. Used again
 * for each record.
 */
final class EvaluatedRows implements Expansion.Out {
  /** Rows of a large array are not held until the next one. */
  private static final int MOST_KEPT = 1024;

  private final JoinTally joins;
  private Object[][] rows = new Object[4][];
  private SourceReader.Branch[] branches = new SourceReader.Branch[4];

  /** How many rows of the same branch stand directly before each. */
  private int[] turns = new int[4];

  private SourceReader.Branch branch;
  private int size;

  /**
   * @param joins names of the statement's
   */
  EvaluatedRows(List<String> joins) {
    this.joins = new JoinTally(joins);
  }

  void clear() {
    size = 0;
    joins.clear();
    if (rows.length > MOST_KEPT) {
      grow(4);
    }
  }

  /** The branch of which the next rows are. */
  void begin(SourceReader.Branch next) {
    branch = next;
  }

  @Override
  public void row(Object[] row) {
    if (size == rows.length) {
      grow(2 * size);
    }
    rows[size] = row;
    turns[size] = size > 0 && branches[size - 1] == branch ? turns[size - 1] + 1 : 0;
    branches[size++] = branch;
  }

  private void grow(int to) {
    rows = Arrays.copyOf(rows, to);
    branches = Arrays.copyOf(branches, to);
    turns = Arrays.copyOf(turns, to);
  }

  @Override
  public void count(int join, boolean found) {
    joins.count(join, found);
  }

  @Override
  public void countWaitedOut(int join) {
    joins.countWaitedOut(join);
  }

  JoinTally joins() {
    return joins;
  }

  int size() {
    return size;
  }

  /** Which of the rows that its branch made it is, from 0. */
  int turn(int i) {
    return turns[i];
  }

  Object[] row(int i) {
    return rows[i];
  }

  SourceReader.Branch branch(int i) {
    return branches[i];
  }
}
