package dev.tidemill.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What a reader sees in the target's table. */
final class PublishedRows implements AutoCloseable {
  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(5);

  private final Connection connection;
  private final String table;
  private final Forked writer;

  PublishedRows(String url, String table, Forked writer) throws SQLException {
    this.connection = DriverManager.getConnection(url);
    this.table = table;
    this.writer = writer;
  }

  /**
   * Waits until rows of a batch are there.
   *
   * @return when they were seen, as of {@link System#nanoTime}
   */
  long await(Instant batch) throws SQLException {
    long deadline = System.nanoTime() + BOUND.toNanos();
    while (orders(batch) == 0) {
      if (!writer.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "batch " + batch + " is not published; the run said:\n" + writer.said());
      }
      LockSupport.parkNanos(LOOK);
    }
    return System.nanoTime();
  }

  /** Sum of the counts of a batch; 0 while the table or the batch is not there. */
  long orders(Instant batch) throws SQLException {
    if (!exists()) {
      return 0;
    }
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT COALESCE(SUM(orders), 0) FROM " + table + " WHERE batch_start = ?")) {
      query.setObject(1, batch.atOffset(ZoneOffset.UTC));
      return single(query);
    }
  }

  private boolean exists() throws SQLException {
    try (PreparedStatement query = connection.prepareStatement("SELECT COUNT(to_regclass(?))")) {
      query.setString(1, table);
      return single(query) > 0;
    }
  }

  private static long single(PreparedStatement query) throws SQLException {
    try (ResultSet result = query.executeQuery()) {
      result.next();
      return result.getLong(1);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
