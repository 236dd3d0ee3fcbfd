package dev.tidemill.topology;

import java.util.Arrays;

/** The rows that one record makes, and of which branch each is. Used again for each record. */
final class EvaluatedRows {
  private Object[][] rows = new Object[4][];
  private SourceReader.Branch[] branches = new SourceReader.Branch[4];
  private int size;

  void clear() {
    size = 0;
  }

  void add(SourceReader.Branch branch, Object[] row) {
    if (size == rows.length) {
      rows = Arrays.copyOf(rows, 2 * size);
      branches = Arrays.copyOf(branches, 2 * size);
    }
    rows[size] = row;
    branches[size++] = branch;
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
