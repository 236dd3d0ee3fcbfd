package dev.tidemill.load;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** One server for all tests of the package; it stops with the JVM. */
public final class PostgresServer {
  private static final EmbeddedPostgres SERVER = start();
  private static final AtomicInteger SCHEMAS = new AtomicInteger();

  private PostgresServer() {}

  /**
   * @return the URL of an empty schema that nobody else uses
   */
  public static String newSchema() {
    String schema = "test_" + SCHEMAS.incrementAndGet();
    String url = SERVER.getJdbcUrl("postgres", "postgres");
    try (Connection connection = DriverManager.getConnection(url)) {
      Sql.run(connection, "CREATE SCHEMA " + schema);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return url + "&currentSchema=" + schema;
  }

  /**
   * @return the URL of an empty database that nobody else uses, which orders text by code point and
   *     knows the cases of all of Unicode
   */
  public static String newUnicodeDatabase() {
    String name = "unicode_" + SCHEMAS.incrementAndGet();
    try (Connection connection =
        DriverManager.getConnection(SERVER.getJdbcUrl("postgres", "postgres"))) {
      Sql.run(
          connection,
          "CREATE DATABASE "
              + name
              + " TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
              + " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'PG_UNICODE_FAST'");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return SERVER.getJdbcUrl("postgres", name);
  }

  private static EmbeddedPostgres start() {
    try {
      return EmbeddedPostgres.builder().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
