package dev.tidemill.sql;

/** A column by which rows are told apart. */
record KeyColumn(int position, ValueType type) {

  boolean isNull(Object[] row) {
    return row[position] == null;
  }

  void write(Object[] row, Bytes out) {
    type.write(row[position], out);
  }
}
