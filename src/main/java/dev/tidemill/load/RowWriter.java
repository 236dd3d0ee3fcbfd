package dev.tidemill.load;

import java.sql.SQLException;
import java.time.Instant;

/** Bulk insert into a staging table. Nothing else may use the connection until it is closed. */
interface RowWriter extends AutoCloseable {

  /**
   * @param row a result row
   */
  void write(Instant batch, int share, int attempt, long offset, Object[] row) throws SQLException;

  /** Hands everything over to the transaction. */
  void finish() throws SQLException;

  /** Without {@link #finish} before it, the transaction must be rolled back. */
  @Override
  void close() throws SQLException;
}
