package dev.tidemill.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What differs between databases. Everything that the promises rest on is in the shared code. */
interface Dialect {

  /** Whether there is a database already: {@link #connect} may make one. */
  boolean isThere();

  /**
   * A new connection with auto-commit off.
   *
   * @throws dev.tidemill.definition.Unavailable if there is none to be had; the message names the
   *     setting and what to do, and holds no secret
   */
  Connection connect();

  /** The type in SQL, spelled as {@link #columns} reports it. */
  String type(Column column);

  /** Why no column of this database can hold the column's values, if so. */
  Optional<String> unsupported(Column column);

  /** Why this value (never null) can not be stored, if so. */
  Optional<String> refusal(Column column, Object value);

  /**
   * The columns of a table by name; empty if there is no such table.
   *
   * @param table with its schema
   */
  Map<String, Found> columns(Connection connection, TableName table) throws SQLException;

  /** A column that is there. */
  record Found(String type, boolean nullable) {}

  /** Keeps other processes from changing tables until the transaction ends. */
  void lockTables(Connection connection) throws SQLException;

  /** Makes rows of a batch quick to find, if the database needs help with that. */
  Optional<String> index(TableName table, String column);

  /** Writes rows in the connection's transaction, which must have run a statement before. */
  RowWriter writer(Connection connection, TableName staging, List<Column> columns)
      throws SQLException;

  /** Leaves the database as other programs expect it. No transaction is open. */
  void beforeClose(Connection connection) throws SQLException;
}
