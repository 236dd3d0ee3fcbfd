package dev.tidemill.load;

import dev.tidemill.definition.JdbcSecrets;
import dev.tidemill.definition.TargetDefinition;
import dev.tidemill.definition.Unavailable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;

/** PostgreSQL 12 and later. */
final class Postgres implements Dialect {

  /** Any number that nothing else takes: "tidemill" in ASCII. */
  private static final long DDL_LOCK = 0x746964656d696c6cL;

  private final TargetDefinition.Postgres definition;
  private final String pipeline;
  private final JdbcSecrets secrets;

  Postgres(TargetDefinition.Postgres definition, String pipeline) {
    this.definition = definition;
    this.pipeline = pipeline;
    this.secrets = new JdbcSecrets(definition.url(), Optional.empty());
  }

  @Override
  public boolean isThere() {
    return true;
  }

  @Override
  public Connection connect() {
    // What the URL says goes first. Seconds: nothing may wait for ever.
    Properties defaults = new Properties();
    defaults.setProperty("ApplicationName", "tidemill " + pipeline);
    defaults.setProperty("connectTimeout", "10");
    defaults.setProperty("socketTimeout", "600");
    defaults.setProperty("tcpKeepAlive", "true");
    try {
      Connection connection = new Driver().connect(definition.url(), defaults);
      if (connection == null) {
        throw new Unavailable(
            definition.name() + ": load.postgres.url is no URL that starts with jdbc:postgresql:");
      }
      return settled(connection);
    } catch (SQLException e) {
      throw new Unavailable(
          "%s: PostgreSQL can not be reached: %s; check load.postgres.url and that the server runs"
              .formatted(definition.name(), secrets.redacted(e.getMessage())));
    }
  }

  private static Connection settled(Connection connection) throws SQLException {
    try {
      // A dead writer's locks are to be waited for briefly, then the loader tries again.
      Sql.run(connection, "SET lock_timeout = '10s'");
      // A writer that is frozen, or whose machine is gone without a word, gives its locks back; the
      // server's defaults are never, and two hours.
      Sql.run(connection, "SET idle_in_transaction_session_timeout = '60s'");
      Sql.run(connection, "SET tcp_keepalives_idle = 30");
      Sql.run(connection, "SET tcp_keepalives_interval = 10");
      Sql.run(connection, "SET tcp_keepalives_count = 3");
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      connection.setAutoCommit(false);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public String type(Column column) {
    return switch (column.kind()) {
      case BOOLEAN -> "boolean";
      case INTEGER -> "integer";
      case BIGINT -> "bigint";
      case REAL -> "real";
      case DOUBLE -> "double precision";
      case TEXT -> "text";
      case BYTES -> "bytea";
      case DECIMAL -> "numeric(" + column.precision() + "," + column.scale() + ")";
      case DATE -> "date";
      case TIME -> "time without time zone";
      case TIMESTAMP -> "timestamp with time zone";
      case ARRAY -> type(column.element().orElseThrow()) + "[]";
    };
  }

  @Override
  public Optional<String> unsupported(Column column) {
    return column.element().orElse(column).precision() > 1000
        ? Optional.of("PostgreSQL holds decimals of up to 1000 digits")
        : Optional.empty();
  }

  /** A NUL would have to be dropped silently, and then the target would differ from the others. */
  @Override
  public Optional<String> refusal(Column column, Object value) {
    if (column.kind() == ColumnKind.ARRAY) {
      return Storable.ofElements(column, value, this::refusal);
    }
    if (column.kind() == ColumnKind.TEXT && ((String) value).indexOf('\0') >= 0) {
      return Optional.of(
          "the text holds a NUL character, which PostgreSQL can not store; remove it in the SQL"
              + " with REPLACE");
    }
    return Storable.refusal(column, value);
  }

  @Override
  public Map<String, Found> columns(Connection connection, TableName table) throws SQLException {
    Map<String, Found> columns = new LinkedHashMap<>();
    Sql.query(
        connection,
        "SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull"
            + " FROM pg_catalog.pg_attribute a"
            + " JOIN pg_catalog.pg_class c ON c.oid = a.attrelid"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped"
            + " ORDER BY a.attnum",
        row -> columns.put(row.getString(1), new Found(row.getString(2), !row.getBoolean(3))),
        table.schema().orElseThrow(),
        table.table());
    return columns;
  }

  @Override
  public void lockTables(Connection connection) throws SQLException {
    // CREATE TABLE IF NOT EXISTS of two sessions at once can fail on the system's own indexes.
    Sql.query(connection, "SELECT 1 FROM pg_advisory_xact_lock(?)", row -> row.getInt(1), DDL_LOCK);
  }

  @Override
  public Optional<String> index(TableName table, String column) {
    return Optional.of("CREATE INDEX ON " + table.quoted() + " (" + TableName.quote(column) + ")");
  }

  @Override
  public RowWriter writer(Connection connection, TableName staging, List<Column> columns)
      throws SQLException {
    return new PostgresCopy(connection, staging, columns);
  }

  @Override
  public void beforeClose(Connection connection) {
    // Nothing: the server owns its files.
  }
}
