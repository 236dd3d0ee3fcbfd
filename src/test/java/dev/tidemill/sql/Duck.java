package dev.tidemill.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** DuckDB in memory, as the oracle of a differential test. */
final class Duck implements AutoCloseable {
  private final Connection connection;

  Duck(Map<String, List<Object[]>> tables) throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:");
    for (var table : tables.entrySet()) {
      execute("CREATE TABLE " + table.getKey() + Tables.DDL);
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO " + table.getKey() + " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)")) {
        for (Object[] row : table.getValue()) {
          for (int i = 0; i < row.length; i++) {
            insert.setObject(i + 1, toJdbc(i, row[i], connection));
          }
          insert.execute();
        }
      }
    }
  }

  private static Object toJdbc(int column, Object value, Connection connection)
      throws SQLException {
    if (value == null) {
      return null;
    }
    return switch (column) {
      case 9 -> LocalDate.ofEpochDay((Integer) value);
      case 10 ->
          LocalDateTime.ofEpochSecond(
              Math.floorDiv((Long) value, 1000L),
              (int) Math.floorMod((Long) value, 1000L) * 1_000_000,
              ZoneOffset.UTC);
      case 11 -> connection.createArrayOf("INTEGER", ((List<?>) value).toArray());
      case 12 -> connection.createArrayOf("VARCHAR", ((List<?>) value).toArray());
      default -> value;
    };
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Rows with values as in our rows. */
  List<Object[]> query(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      var rows = new ArrayList<Object[]>();
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        var row = new Object[columns];
        for (int i = 0; i < columns; i++) {
          row[i] = fromJdbc(result, i + 1);
        }
        rows.add(row);
      }
      return rows;
    }
  }

  private static Object fromJdbc(ResultSet result, int column) throws SQLException {
    Object value = result.getObject(column);
    if (value instanceof java.sql.Array array) {
      return Arrays.asList((Object[]) array.getArray());
    }
    if (value instanceof LocalDate date) {
      return (int) date.toEpochDay();
    }
    if (value instanceof LocalTime time) {
      return (int) (time.toNanoOfDay() / 1_000_000);
    }
    if (value instanceof java.sql.Timestamp) {
      LocalDateTime time = result.getObject(column, LocalDateTime.class);
      return time.toInstant(ZoneOffset.UTC).toEpochMilli();
    }
    if (value instanceof BigInteger integer) {
      return new BigDecimal(integer);
    }
    return value;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
