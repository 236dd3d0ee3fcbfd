package dev.tidemill.sql;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** DuckDB in memory. */
final class Duck extends Oracle {
  Duck(Map<String, List<Object[]>> tables) throws SQLException {
    super(DriverManager.getConnection("jdbc:duckdb:"));
    load(tables);
  }

  @Override
  String name() {
    return "duckdb";
  }

  @Override
  String spelled(String sql) {
    return sql;
  }
}
