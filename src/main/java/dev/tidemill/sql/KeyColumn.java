package dev.tidemill.sql;

import java.util.List;
import java.util.Optional;

/** A column by which rows are told apart, or found. */
record KeyColumn(int position, ValueType type) {

  boolean isNull(Object[] row) {
    return row[position] == null;
  }

  void write(Object[] row, Bytes out) {
    type.write(row[position], out);
  }

  /**
   * The bytes of several columns: equal if the columns are.
   *
   * @param nullsMatch for each column whether NULL equals NULL
   * @return empty if the row equals none, as a column is NULL
   */
  static Optional<byte[]> key(List<KeyColumn> columns, List<Boolean> nullsMatch, Object[] row) {
    var key = new Bytes(16 * columns.size());
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).isNull(row) && !nullsMatch.get(i)) {
        return Optional.empty();
      }
      columns.get(i).write(row, key);
    }
    return Optional.of(key.toArray());
  }
}
