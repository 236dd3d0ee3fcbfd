package dev.tidemill.topology;

import dev.tidemill.sql.Expansion;
import java.util.Arrays;
import java.util.List;

/**
 * The rows that one record makes, of which branch each is, and what its lookups found. Used again
 * for each record.
 */
final class EvaluatedRows implements Expansion.Out {
  private final JoinTally joins;
  private Object[][] rows = new Object[4][];
  private SourceReader.Branch[] branches = new SourceReader.Branch[4];
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
  }

  /** The branch of which the next rows are. */
  void begin(SourceReader.Branch next) {
    branch = next;
  }

  @Override
  public void row(Object[] row) {
    if (size == rows.length) {
      rows = Arrays.copyOf(rows, 2 * size);
      branches = Arrays.copyOf(branches, 2 * size);
    }
    rows[size] = row;
    branches[size++] = branch;
  }

  @Override
  public void count(int join, boolean found) {
    joins.count(join, found);
  }

  JoinTally joins() {
    return joins;
  }

  int size() {
    return size;
  }

  Object[] row(int i) {
    return rows[i];
  }

  SourceReader.Branch branch(int i) {
    return branches[i];
  }
}
