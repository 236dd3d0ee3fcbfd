package dev.tidemill.load;

import static java.util.Objects.requireNonNull;

import dev.tidemill.batch.CrashPoint;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.definition.Unavailable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A SQL database as a target: one connection, and one transaction for each call. */
final class SqlTarget implements Target {
  private static final Logger LOG = LoggerFactory.getLogger(SqlTarget.class);

  /** What is to be done in a transaction. */
  private interface Work<T> {
    T run(Connection connection) throws SQLException, FencedException;
  }

  /** A connection, what is done on it, and for which log. */
  private record Session(
      Connection connection,
      String log,
      Bookkeeping books,
      Staging staging,
      Publisher publisher,
      Preparation preparation) {}

  private final String name;
  private final String pipeline;
  private final Dialect dialect;
  private final TableName table;
  private final ResultColumns columns;
  private final Clock clock;
  private Session session;

  SqlTarget(
      String name,
      String pipeline,
      Dialect dialect,
      TableName table,
      ResultColumns columns,
      Clock clock) {
    this.name = requireNonNull(name, "name");
    this.pipeline = requireNonNull(pipeline, "pipeline");
    this.dialect = requireNonNull(dialect, "dialect");
    this.table = requireNonNull(table, "table");
    this.columns = requireNonNull(columns, "columns");
    this.clock = requireNonNull(clock, "clock");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void prepare(String log) {
    atStart(
        log,
        connection -> {
          session.preparation().prepare(connection, log);
          return true;
        });
  }

  @Override
  public void rehearse(String log) {
    if (!dialect.isThere()) {
      return; // and then there is nothing that might not fit
    }
    atStart(
        log,
        connection -> {
          session.preparation().prepare(connection, log);
          connection.rollback();
          return true;
        });
    close();
  }

  @Override
  public void forget() {
    atStart(
        "",
        connection -> {
          TableName staging = schemaOf(table, connection).staging();
          dialect.lockTables(connection);
          if (!dialect.columns(connection, staging).isEmpty()
              && session.books().forget(connection)) {
            Sql.run(connection, "DELETE FROM " + staging.quoted());
          }
          return true;
        });
    close();
  }

  @Override
  public Map<Integer, Long> positions() throws TargetException {
    return transaction("read the positions", connection -> session.books().positions(connection));
  }

  @Override
  public void stage(Chunk chunk) throws TargetException {
    transaction(
        "stage rows",
        connection -> {
          session.books().fence(connection, session.log());
          session.staging().stage(connection, chunk);
          return true;
        });
  }

  @Override
  public Publication publish(LedgerEntry ready) throws TargetException {
    return transaction(
        "publish " + ready.batch().id() + " attempt " + ready.attempt(),
        connection -> {
          session.books().fence(connection, session.log());
          return session.publisher().publish(connection, ready);
        });
  }

  @Override
  public void close() {
    if (session == null) {
      return;
    }
    Connection connection = session.connection();
    session = null;
    try (connection) {
      connection.rollback();
      dialect.beforeClose(connection);
    } catch (SQLException e) {
      // Nothing is lost by it: what is committed is committed.
      LOG.debug("{}: closing: {}", name, e.getMessage());
    }
  }

  /** Opens a session and does what comes before loading; a failure is one of the set-up. */
  private void atStart(String log, Work<Boolean> work) {
    close();
    Connection connection = dialect.connect();
    try {
      session = open(connection, log);
      work.run(connection);
      connection.commit();
    } catch (SQLException | FencedException e) {
      abandon(connection);
      throw new Unavailable(
          "%s: can not prepare the table %s: %s; check that the schema is there and that the role"
                  .formatted(name, table, e.getMessage())
              + " may create tables in it, or create them before",
          e);
    } catch (RuntimeException e) {
      abandon(connection);
      throw e;
    }
  }

  private Session open(Connection connection, String log) throws SQLException {
    TableName full = schemaOf(table, connection);
    Bookkeeping books = new Bookkeeping(pipeline, name, full);
    return new Session(
        connection,
        log,
        books,
        new Staging(dialect, books, full.staging(), columns),
        new Publisher(books, full, columns, clock),
        new Preparation(dialect, pipeline, name, books, full, columns));
  }

  private static TableName schemaOf(TableName table, Connection connection) throws SQLException {
    if (table.schema().isPresent()) {
      return table;
    }
    String schema =
        Sql.query(connection, "SELECT current_schema()", row -> row.getString(1)).get(0);
    if (schema == null) {
      throw new SQLException(
          "the connection has no default schema; write load.table as schema.table");
    }
    return table.inSchema(schema);
  }

  /** Commits unless the work fails or comes to another end than it was asked for. */
  private <T> T transaction(String doing, Work<T> work) throws TargetException {
    if (session == null) {
      throw new IllegalStateException(name + ": prepare() comes first");
    }
    Connection connection = session.connection();
    try {
      T result = work.run(connection);
      if (result instanceof Publication.Incomplete || result instanceof Publication.Refused) {
        connection.rollback();
      } else {
        CrashPoint.BEFORE_DATABASE_COMMIT.reached();
        connection.commit();
        CrashPoint.AFTER_DATABASE_COMMIT.reached();
      }
      return result;
    } catch (SQLException e) {
      abandon(connection);
      throw new TargetException("%s: can not %s: %s".formatted(name, doing, e.getMessage()), e);
    } catch (FencedException | RuntimeException e) {
      abandon(connection);
      throw e;
    }
  }

  private void abandon(Connection connection) {
    session = null;
    try (connection) {
      connection.rollback();
    } catch (SQLException e) {
      // The connection is gone, and with it the transaction.
      LOG.debug("{}: rolling back: {}", name, e.getMessage());
    }
  }
}
