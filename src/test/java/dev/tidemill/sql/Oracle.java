package dev.tidemill.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A database that says what a statement has to give: the judge of a differential test. */
abstract class Oracle implements AutoCloseable {
  private final Connection connection;

  /**
   * @param connection to a database without tables; closed with this
   */
  Oracle(Connection connection) {
    this.connection = connection;
  }

  /** As lines of corpus.sql and messages call it. */
  abstract String name();

  /** The statement as this database spells it, where spelling is all that differs. */
  abstract String spelled(String sql);

  /** Makes the tables of {@link Tables}, or makes them anew. */
  final void load(Map<String, List<Object[]>> tables) throws SQLException {
    for (var table : tables.entrySet()) {
      execute("DROP TABLE IF EXISTS " + table.getKey());
      execute("CREATE TEMPORARY TABLE " + table.getKey() + Tables.DDL);
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO "
                  + table.getKey()
                  + " VALUES (?,?,?,?,?,?,?,?,?,CAST(? AS DATE),?,?,?)")) {
        for (Object[] row : table.getValue()) {
          for (int i = 0; i < row.length; i++) {
            insert.setObject(i + 1, toJdbc(i, row[i]));
          }
          insert.addBatch();
        }
        if (!table.getValue().isEmpty()) {
          insert.executeBatch();
        }
      }
    }
  }

  private Object toJdbc(int column, Object value) throws SQLException {
    if (value == null) {
      return null;
    }
    return switch (column) {
      case 9 -> LocalDate.ofEpochDay((Integer) value).toString(); // drivers skip days of 1582
      case 10 ->
          LocalDateTime.ofEpochSecond(
              Math.floorDiv((Long) value, 1000L),
              (int) Math.floorMod((Long) value, 1000L) * 1_000_000,
              ZoneOffset.UTC);
      case 11 -> connection.createArrayOf("integer", ((List<?>) value).toArray());
      case 12 -> connection.createArrayOf("varchar", ((List<?>) value).toArray());
      default -> value;
    };
  }

  final void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(spelled(sql));
    }
  }

  /** Rows with values as in our rows. */
  final List<Object[]> query(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(spelled(sql))) {
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
    if (value instanceof Array array) {
      return Arrays.asList((Object[]) array.getArray());
    }
    if (value instanceof LocalDate date) {
      return (int) date.toEpochDay();
    }
    if (value instanceof Date) {
      return (int) result.getObject(column, LocalDate.class).toEpochDay();
    }
    if (value instanceof LocalTime || value instanceof Time) {
      return (int) (result.getObject(column, LocalTime.class).toNanoOfDay() / 1_000_000);
    }
    if (value instanceof Timestamp) {
      LocalDateTime time = result.getObject(column, LocalDateTime.class);
      return time.toInstant(ZoneOffset.UTC).toEpochMilli();
    }
    if (value instanceof BigInteger integer) {
      return new BigDecimal(integer);
    }
    return value;
  }

  @Override
  public final void close() throws SQLException {
    connection.close();
  }
}
