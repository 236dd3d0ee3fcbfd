package dev.tidemill.faults;

import dev.tidemill.cli.Table;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A reader of the target who looks all the time: each attempt of a batch is whole whenever it can
 * be seen, and is the same for ever (I3).
 */
final class Watch implements AutoCloseable {
  private static final long EVERY_MS = 100;

  private record Seen(long attempt, String content) {}

  private final String url;
  private final String columns;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "watch");
  private final Map<Instant, Seen> latest = new HashMap<>();
  private final Map<Instant, Set<Long>> attempts = new HashMap<>();
  private int looks;
  private Optional<Violation> violation = Optional.empty();

  /**
   * @param columns of the result, for a SELECT
   */
  Watch(String url, String columns) {
    this.url = url;
    this.columns = columns;
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try (Connection connection = DriverManager.getConnection(url)) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      boolean there = false;
      do {
        there = there || isThere(connection);
        if (there) {
          look(connection);
        }
        connection.commit();
      } while (!over.await(EVERY_MS, TimeUnit.MILLISECONDS) && violation().isEmpty());
    } catch (SQLException | InterruptedException e) {
      found(new Violation("I3 finality", "the target could not be watched: " + e));
    }
  }

  private static boolean isThere(Connection connection) throws SQLException {
    String sql = "SELECT to_regclass('results') IS NOT NULL";
    return Table.query(connection, sql).get(0).get(0).equals(true);
  }

  private void look(Connection connection) throws SQLException {
    Map<Instant, List<Object>> contents = new HashMap<>();
    for (List<Object> row :
        Table.query(
            connection,
            "SELECT batch_start, COUNT(*), md5(string_agg(content, '|' ORDER BY content)) FROM"
                + " (SELECT batch_start, ROW("
                + columns
                + ")::text AS content FROM results) rows GROUP BY batch_start")) {
      contents.put((Instant) row.get(0), row);
    }
    for (List<Object> row :
        Table.query(connection, "SELECT batch_start, attempt, \"rows\" FROM _tidemill_batches")) {
      Instant batch = (Instant) row.get(0);
      List<Object> content = contents.getOrDefault(batch, List.of(batch, 0L, "nothing"));
      if (!content.get(1).equals(row.get(2))) {
        found(new Violation("I3 finality", "batch " + row + " shows only " + content.get(1)));
      }
      saw(batch, new Seen((long) row.get(1), (String) content.get(2)));
    }
  }

  private synchronized void saw(Instant batch, Seen now) {
    looks++;
    attempts.computeIfAbsent(batch, b -> new HashSet<>()).add(now.attempt());
    Seen before = latest.put(batch, now);
    if (before == null) {
      return;
    }
    if (now.attempt() < before.attempt()) {
      found(new Violation("I3 finality", batch + " goes back from " + before + " to " + now));
    }
    if (now.attempt() == before.attempt() && !now.content().equals(before.content())) {
      found(
          new Violation(
              "I3 finality",
              "batch %s attempt %d was published with the content %s, and then with %s"
                  .formatted(batch, now.attempt(), before.content(), now.content())));
    }
  }

  private synchronized void found(Violation first) {
    violation = violation.or(() -> Optional.of(first));
  }

  synchronized Optional<Violation> violation() {
    return violation;
  }

  /** How many batches have been seen. */
  synchronized int batches() {
    return latest.size();
  }

  /** How many attempts of batches have been seen. */
  synchronized int attempts() {
    return attempts.values().stream().mapToInt(Set::size).sum();
  }

  /** Takes a last look. */
  @Override
  public void close() {
    over.countDown();
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
