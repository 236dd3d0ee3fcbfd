package dev.tidemill.faults;

import dev.tidemill.batch.LedgerEntry;
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
 * be seen, and is the same for ever (I3). Early results are whole, too, but may change.
 */
final class Watch implements AutoCloseable {
  private static final long EVERY_MS = 100;

  private record Seen(long attempt, String content) {}

  /** A batch in one of the targets. */
  private record Loaded(String target, Instant batch) {}

  private final String url;
  private final List<Result> results;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "watch");
  private final Map<Loaded, Seen> latest = new HashMap<>();
  private final Map<Loaded, Set<Long>> attempts = new HashMap<>();
  private int looks;
  private Optional<Violation> violation = Optional.empty();

  /**
   * @param results that are loaded into tables of their own
   */
  Watch(String url, List<Result> results) {
    this.url = url;
    this.results = results;
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
          for (Result result : results) {
            look(connection, result);
          }
        }
        connection.commit();
      } while (!over.await(EVERY_MS, TimeUnit.MILLISECONDS) && violation().isEmpty());
    } catch (SQLException | InterruptedException e) {
      found(new Violation("I3 finality", "the target could not be watched: " + e));
    }
  }

  private boolean isThere(Connection connection) throws SQLException {
    for (Result result : results) {
      String sql = "SELECT to_regclass('" + result.table() + "') IS NOT NULL";
      if (Table.query(connection, sql).get(0).get(0).equals(false)) {
        return false;
      }
    }
    return true;
  }

  private void look(Connection connection, Result result) throws SQLException {
    Map<Instant, List<Object>> contents = new HashMap<>();
    for (List<Object> row :
        Table.query(
            connection,
            "SELECT batch_start, COUNT(*), md5(string_agg(content, '|' ORDER BY content)) FROM"
                + " (SELECT batch_start, ROW("
                + result.columns()
                + ")::text AS content FROM "
                + result.table()
                + ") rows GROUP BY batch_start")) {
      contents.put((Instant) row.get(0), row);
    }
    for (List<Object> row :
        Table.query(
            connection,
            "SELECT batch_start, attempt, \"rows\" FROM _tidemill_batches WHERE target = '"
                + result.target()
                + "'")) {
      Instant batch = (Instant) row.get(0);
      List<Object> content = contents.getOrDefault(batch, List.of(batch, 0L, "nothing"));
      if (!content.get(1).equals(row.get(2))) {
        found(new Violation("I3 finality", "batch " + row + " shows only " + content.get(1)));
      }
      saw(new Loaded(result.target(), batch), new Seen((long) row.get(1), (String) content.get(2)));
    }
  }

  private synchronized void saw(Loaded batch, Seen now) {
    looks++;
    attempts.computeIfAbsent(batch, b -> new HashSet<>()).add(now.attempt());
    Seen before = latest.put(batch, now);
    if (before == null) {
      return;
    }
    if (now.attempt() < before.attempt()) {
      found(new Violation("I3 finality", batch + " goes back from " + before + " to " + now));
    }
    if (now.attempt() == before.attempt()
        && now.attempt() != LedgerEntry.EARLY
        && !now.content().equals(before.content())) {
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
    return (int) latest.keySet().stream().map(Loaded::batch).distinct().count();
  }

  /** How many batches have been seen before they closed, target by target. */
  synchronized long early() {
    return attempts.values().stream().filter(all -> all.contains((long) LedgerEntry.EARLY)).count();
  }

  /** How many attempts of batches have been seen, target by target. */
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
