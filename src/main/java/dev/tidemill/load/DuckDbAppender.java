package dev.tidemill.load;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * DuckDB's bulk insert.
 *
 * <p>The driver begins a transaction with the first statement, not with an appender: without a
 * statement before it, what is appended is committed at once.
 */
final class DuckDbAppender implements RowWriter {
  private final DuckDBAppender appender;
  private final List<Column> columns;

  /**
   * @param columns all of the table's, in its order; ours come first
   */
  DuckDbAppender(DuckDBConnection connection, TableName staging, List<Column> columns)
      throws SQLException {
    this.columns = columns;
    this.appender = connection.createAppender(staging.schema().orElseThrow(), staging.table());
  }

  @Override
  public void write(Instant batch, int share, int attempt, long offset, Object[] row)
      throws SQLException {
    appender.beginRow();
    appender.append(Sql.utc(batch)).append(share).append(attempt).append(offset);
    for (Column column : columns) {
      if (column.field() >= 0) {
        value(column, row[column.field()]);
      }
    }
    appender.endRow();
  }

  @Override
  public void finish() throws SQLException {
    appender.flush();
  }

  @Override
  public void close() throws SQLException {
    appender.close();
  }

  private void value(Column column, Object value) throws SQLException {
    if (value == null) {
      appender.appendNull();
      return;
    }
    switch (column.kind()) {
      case BOOLEAN -> appender.append((boolean) (Boolean) value);
      case INTEGER -> appender.append((int) (Integer) value);
      case BIGINT -> appender.append((long) (Long) value);
      case REAL -> appender.append((float) (Float) value);
      case DOUBLE -> appender.append((double) (Double) value);
      case TEXT -> appender.append((String) value);
      case BYTES -> appender.append((byte[]) value);
      case DECIMAL -> appender.append((BigDecimal) value);
      case DATE -> appender.appendEpochDays((Integer) value);
      case TIME -> appender.appendDayMicros((Integer) value * 1000L);
      case TIMESTAMP -> appender.append(Sql.utc(Instant.ofEpochMilli((Long) value)));
      case ARRAY -> appender.append(elements(column.element().orElseThrow().kind(), value));
    }
  }

  /** As the appender takes elements of lists. */
  private static Collection<?> elements(ColumnKind kind, Object value) {
    List<Object> elements = new ArrayList<>();
    for (Object element : (List<?>) value) {
      elements.add(element == null ? null : element(kind, element));
    }
    return elements;
  }

  private static Object element(ColumnKind kind, Object value) {
    return switch (kind) {
      case DATE -> LocalDate.ofEpochDay((Integer) value);
      case TIME -> LocalTime.ofNanoOfDay((Integer) value * 1_000_000L);
      case TIMESTAMP -> Sql.utc(Instant.ofEpochMilli((Long) value));
      default -> value;
    };
  }
}
