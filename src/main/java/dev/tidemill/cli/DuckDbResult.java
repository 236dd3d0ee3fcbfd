package dev.tidemill.cli;

import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** Asks a warehouse file that nobody writes to. */
final class DuckDbResult {
  private DuckDbResult() {}

  /**
   * @param zone in which times are shown, whatever this machine's is
   */
  static TextTable query(Path file, String sql, ZoneId zone) throws SQLException {
    Properties readOnly = new Properties();
    readOnly.setProperty("duckdb.read_only", "true");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file, readOnly);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      TextTable table = new TextTable();
      ResultSetMetaData columns = rows.getMetaData();
      List<String> header = new ArrayList<>();
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        header.add(columns.getColumnLabel(i));
      }
      table.header(header);
      while (rows.next()) {
        List<String> cells = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          cells.add(text(rows.getObject(i), zone));
        }
        table.row(cells);
      }
      return table;
    }
  }

  private static String text(Object value, ZoneId zone) throws SQLException {
    if (value instanceof Array array) {
      List<String> elements = new ArrayList<>();
      for (Object element : (Object[]) array.getArray()) {
        elements.add(text(element, zone));
      }
      return elements.toString();
    }
    return value instanceof OffsetDateTime time
        ? LedgerTable.local(time.toInstant(), zone)
        : String.valueOf(value);
  }
}
