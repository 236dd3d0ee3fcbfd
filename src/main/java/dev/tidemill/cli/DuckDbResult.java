package dev.tidemill.cli;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** Asks a warehouse file that nobody writes to. */
final class DuckDbResult {
  private DuckDbResult() {}

  static TextTable query(Path file, String sql) throws SQLException {
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
          cells.add(String.valueOf(rows.getObject(i)));
        }
        table.row(cells);
      }
      return table;
    }
  }
}
