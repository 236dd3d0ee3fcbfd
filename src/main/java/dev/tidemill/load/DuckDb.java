package dev.tidemill.load;

import static java.util.Comparator.comparingInt;

import dev.tidemill.definition.TargetDefinition;
import dev.tidemill.definition.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/**
 * DuckDB: a file that one process has open at a time. Its ICU extension, which TIMESTAMPTZ needs,
 * is linked into the driver.
 */
final class DuckDb implements Dialect {
  private final TargetDefinition.DuckDb definition;

  DuckDb(TargetDefinition.DuckDb definition) {
    this.definition = definition;
  }

  @Override
  public boolean isThere() {
    return Files.exists(definition.path());
  }

  @Override
  public Connection connect() {
    Path path = definition.path();
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      Connection connection = new DuckDBDriver().connect("jdbc:duckdb:" + path, new Properties());
      connection.setAutoCommit(false);
      return connection;
    } catch (IOException e) {
      throw new Unavailable(
          "%s: the folder of %s (load.duckdb.path) can not be created: %s"
              .formatted(definition.name(), path, e),
          e);
    } catch (SQLException e) {
      throw new Unavailable(describe(e), e);
    }
  }

  private String describe(SQLException e) {
    String said = String.valueOf(e.getMessage());
    String advice =
        said.contains("lock")
            ? "another process has it open (lsof FILE shows which, if the message does not):"
                + " end that one"
            : "check that it is a DuckDB file and that it can be written";
    return "%s: the file %s (load.duckdb.path) can not be opened: %s. What DuckDB says: %s"
        .formatted(definition.name(), definition.path(), advice, said);
  }

  @Override
  public String type(Column column) {
    return switch (column.kind()) {
      case BOOLEAN -> "BOOLEAN";
      case INTEGER -> "INTEGER";
      case BIGINT -> "BIGINT";
      case REAL -> "FLOAT";
      case DOUBLE -> "DOUBLE";
      case TEXT -> "VARCHAR";
      case BYTES -> "BLOB";
      case DECIMAL -> "DECIMAL(" + column.precision() + "," + column.scale() + ")";
      case DATE -> "DATE";
      case TIME -> "TIME";
      case TIMESTAMP -> "TIMESTAMP WITH TIME ZONE";
      case ARRAY -> type(column.element().orElseThrow()) + "[]";
    };
  }

  @Override
  public Optional<String> unsupported(Column column) {
    return column.element().orElse(column).precision() > 38
        ? Optional.of(
            "DuckDB holds decimals of up to 38 digits, this has "
                + column.element().orElse(column).precision()
                + "; use CAST in the SQL")
        : Optional.empty();
  }

  @Override
  public Optional<String> refusal(Column column, Object value) {
    return Storable.refusal(column, value);
  }

  @Override
  public Map<String, Found> columns(Connection connection, TableName table) throws SQLException {
    Map<String, Found> columns = new LinkedHashMap<>();
    Sql.query(
        connection,
        "SELECT column_name, data_type, is_nullable FROM information_schema.columns"
            + " WHERE table_catalog = current_database() AND lower(table_schema) = lower(?)"
            + " AND lower(table_name) = lower(?) ORDER BY ordinal_position",
        row ->
            columns.put(
                row.getString(1), new Found(row.getString(2), row.getString(3).equals("YES"))),
        table.schema().orElseThrow(),
        table.table());
    return columns;
  }

  @Override
  public void lockTables(Connection connection) {
    // Within the one process, the later of two conflicting transactions fails and is tried again.
  }

  /** Its zone maps find a batch; an index would have to be kept up with every replaced row. */
  @Override
  public Optional<String> index(TableName table, String column) {
    return Optional.empty();
  }

  @Override
  public RowWriter writer(Connection connection, TableName staging, List<Column> columns)
      throws SQLException {
    // An appender goes by position, and a changed SQL may have the same columns in another order.
    List<String> order = List.copyOf(columns(connection, staging).keySet());
    List<Column> ordered =
        columns.stream().sorted(comparingInt(column -> order.indexOf(column.name()))).toList();
    return new DuckDbAppender(connection.unwrap(DuckDBConnection.class), staging, ordered);
  }

  /** Folds the write-ahead log into the file, so that the file alone is the database. */
  @Override
  public void beforeClose(Connection connection) throws SQLException {
    connection.setAutoCommit(true);
    Sql.run(connection, "CHECKPOINT");
  }
}
