package dev.tidemill.extract;

import dev.tidemill.definition.Database;
import dev.tidemill.definition.JdbcSecrets;
import dev.tidemill.definition.Unavailable;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Driver;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceLoader;

/**
 * Connections to a database that can only read, and what their errors mean. What it says has no
 * password and no URL in it. Thread-safe.
 */
final class JdbcConnections {
  /** For the network, beyond what a statement may take. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  private final String source;
  private final Database database;
  private final JdbcSecrets secrets;

  /** Once for all connections: its classes stay for as long as the process lives. */
  private Optional<Driver> driver = Optional.empty();

  /**
   * @param source for messages
   */
  JdbcConnections(String source, Database database) {
    this.source = source;
    this.database = database;
    this.secrets = new JdbcSecrets(database.url(), database.password());
  }

  /** In a transaction of its own, with one view of the database if that has such a thing. */
  Connection open() throws SQLException {
    Properties properties = new Properties();
    database.user().ifPresent(user -> properties.setProperty("user", user));
    database.password().ifPresent(password -> properties.setProperty("password", password));
    Connection connection = driver().connect(database.url(), properties);
    if (connection == null) {
      throw new SQLException("the driver does not know this kind of URL");
    }
    try {
      settle(connection);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Not by way of the DriverManager, which knows the drivers of whoever has asked it first. */
  private synchronized Driver driver() throws SQLException {
    if (driver.isEmpty()) {
      driver = Optional.of(found());
    }
    return driver.get();
  }

  private Driver found() throws SQLException {
    for (Driver each : ServiceLoader.load(Driver.class, classes())) {
      if (each.acceptsURL(database.url())) {
        return each;
      }
    }
    throw new SQLException(
        database
            .driver()
            .map(jar -> "no driver in " + jar.getFileName() + " knows this kind of URL")
            .orElse("there is no driver for '" + database.kind() + "'; name its jar as 'driver'"));
  }

  private ClassLoader classes() {
    ClassLoader ours = JdbcConnections.class.getClassLoader();
    if (database.driver().isEmpty()) {
      return ours;
    }
    try {
      URL[] jar = {database.driver().get().toUri().toURL()};
      return new URLClassLoader(jar, ours); // a driver loads classes for as long as it works
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e); // of a path that is there
    }
  }

  private void settle(Connection connection) throws SQLException {
    connection.setNetworkTimeout(Runnable::run, (int) database.timeout().plus(MARGIN).toMillis());
    DatabaseMetaData about = connection.getMetaData();
    // Else casts, and instants as text, would depend on the zone of this machine or of the server.
    if (isMariaDb(about)) {
      run(connection, "SET time_zone = '+00:00'");
    } else if (isPostgres(about)) {
      run(connection, "SET TIME ZONE 'UTC'");
    }
    connection.setReadOnly(true);
    if (about.supportsTransactionIsolationLevel(Connection.TRANSACTION_REPEATABLE_READ)) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    }
    connection.setAutoCommit(false); // PostgreSQL's driver would fetch the whole result at once
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static boolean isPostgres(DatabaseMetaData about) throws SQLException {
    return about.getDatabaseProductName().equals("PostgreSQL");
  }

  static boolean isMariaDb(DatabaseMetaData about) throws SQLException {
    String product = about.getDatabaseProductName();
    return product.equals("MariaDB") || product.equals("MySQL");
  }

  /** Its result is fetched in parts and in order. */
  PreparedStatement prepare(Connection connection, String sql) throws SQLException {
    PreparedStatement statement =
        connection.prepareStatement(sql, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
    statement.setFetchSize(database.fetchSize());
    statement.setQueryTimeout(Math.toIntExact(Math.max(1, database.timeout().toSeconds())));
    return statement;
  }

  /**
   * What an error in the middle of reading means.
   *
   * @return a {@link TransientException}, or an {@link Unavailable}
   */
  RuntimeException explained(SQLException e) {
    return mayPass(e)
        ? new TransientException("the database says: " + secrets.redacted(e.getMessage()), null)
        : unavailable(e);
  }

  /** What any error at the start means. */
  Unavailable unavailable(SQLException e) {
    String state = state(e);
    String advice =
        state.startsWith("08") || state.startsWith("28")
            ? "check jdbc.url, user and password, and that the server runs"
            : e instanceof SQLTimeoutException || state.equals("57014")
                ? "it took longer than jdbc.timeout, or was cancelled: write a longer one, or give"
                    + " the table an index by the columns of its order"
                : "correct 'jdbc', or what the user may read";
    return new Unavailable(
        "Source %s: the database says: %s; %s"
            .formatted(source, secrets.redacted(e.getMessage()), advice));
  }

  /** Whether the same may work in a while: SQLSTATE as in the SQL standard and PostgreSQL. */
  static boolean mayPass(SQLException e) {
    String state = state(e);
    if (state.startsWith("08")) {
      return true; // some drivers call a lost connection non-transient: only this one is
    }
    if (e instanceof SQLTimeoutException || e instanceof SQLNonTransientException) {
      return false;
    }
    return e instanceof SQLTransientException
        || e instanceof SQLRecoverableException
        || state.startsWith("40") // serialization, deadlock
        || state.startsWith("53") // out of connections, memory or disk
        || state.startsWith("57P") // shut down, starting
        || state.startsWith("25P"); // idle for too long
  }

  private static String state(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }
}
