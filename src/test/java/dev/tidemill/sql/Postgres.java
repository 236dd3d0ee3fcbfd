package dev.tidemill.sql;

import dev.tidemill.load.PostgresServer;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** PostgreSQL, with tables of a session, in a database that orders text by code point. */
final class Postgres extends Oracle {
  private static final String DATABASE = PostgresServer.newUnicodeDatabase();

  Postgres(Map<String, List<Object[]>> tables) throws SQLException {
    super(DriverManager.getConnection(DATABASE));
    load(tables);
  }

  @Override
  String name() {
    return "postgres";
  }

  @Override
  String spelled(String sql) {
    return sql.replaceAll("\\bDOUBLE\\b(?! PRECISION)", "DOUBLE PRECISION")
        .replaceAll("(?i)\\b[0-9.]+E-?[0-9]+\\b", "FLOAT8 '$0'"); // else a NUMERIC
  }
}
