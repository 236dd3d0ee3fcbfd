package dev.tidemill.sql;

import java.util.Optional;

/** One reading of a table in a statement. Thread-safe. */
public interface TableReading {
  String table();

  /** A new operator, for one thread: from a row of the table to what is kept of it. */
  RowOperator operator();

  /** Whether all its rows are read, and none is looked up. */
  boolean isScanned();

  /** Whether it is the table as it was at the time of each record: its versions are needed. */
  boolean isAsOf();

  /**
   * By which a row that is kept is found.
   *
   * @return empty if it never is: a key with NULL equals none
   */
  Optional<byte[]> key(Object[] row);
}
