package dev.tidemill.topology;

import dev.tidemill.batch.Books;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A log drawn at random, with what must become of it: verdicts by the definition of the words, rows
 * by DuckDB.
 */
final class RandomLog {
  static final int PARTITIONS = 3;
  static final Duration GRACE = Duration.ofMinutes(20);
  static final String RULE = "k <> 'unknown'";
  static final String SQL =
      "SELECT k, COUNT(*) AS n, SUM(amount) AS total, MIN(amount) AS least, MAX(amount) AS most"
          + " FROM events WHERE amount >= 0 GROUP BY k HAVING COUNT(*) > 1";
  private static final Duration HOUR = Duration.ofHours(1);

  /**
   * @param event empty: bytes that are no record
   */
  record Entry(int partition, Optional<Event> event) {}

  private final List<Entry> entries = new ArrayList<>();
  private final SortedMap<Instant, Books> books = new TreeMap<>();
  private final SortedMap<Instant, List<Event>> accepted = new TreeMap<>();
  private final Instant[] clocks = new Instant[PARTITIONS];

  RandomLog(long seed, int records) {
    Random random = new Random(seed);
    Instant[] now = new Instant[PARTITIONS];
    Arrays.fill(now, Instant.parse("2024-03-10T00:00:00Z"));
    for (int i = 0; i < records; i++) {
      int partition = random.nextInt(PARTITIONS);
      if (random.nextInt(30) == 0) {
        entries.add(new Entry(partition, Optional.empty()));
        continue;
      }
      int jump = random.nextInt(60) == 0 ? 200 : 4;
      now[partition] = now[partition].plus(random.nextInt(jump), ChronoUnit.MINUTES);
      int back = random.nextInt(4) == 0 ? random.nextInt(120) : random.nextInt(10);
      String k = random.nextInt(20) == 0 ? "unknown" : "k" + random.nextInt(8);
      // Eighths: sums of doubles are exact in any order, so that DuckDB has the same bits.
      double amount = (random.nextInt(2000) - 200) / 8.0;
      Event event = new Event(now[partition].minus(back, ChronoUnit.MINUTES), k, amount);
      entries.add(new Entry(partition, Optional.of(event)));
      judge(partition, event);
    }
  }

  private void judge(int partition, Event event) {
    Instant batch = event.at().truncatedTo(ChronoUnit.HOURS);
    Instant clock = clocks[partition];
    boolean late = clock != null && !clock.isBefore(batch.plus(HOUR).plus(GRACE));
    clocks[partition] = clock == null || event.at().isAfter(clock) ? event.at() : clock;
    boolean rejected = !late && event.k().equals("unknown");
    boolean filtered = !late && !rejected && event.amount() < 0;
    boolean takesPart = !late && !rejected && !filtered;
    books.merge(
        batch,
        new Books(1, takesPart ? 1 : 0, filtered ? 1 : 0, rejected ? 1 : 0, 0, late ? 1 : 0, 0),
        Books::plus);
    accepted.computeIfAbsent(batch, b -> new ArrayList<>());
    if (takesPart) {
      accepted.get(batch).add(event);
    }
  }

  List<Entry> entries() {
    return entries;
  }

  /** Of every batch with records. */
  SortedMap<Instant, Books> books() {
    return books;
  }

  /** The statement over each batch's accepted records, as a nightly job would run it. */
  SortedMap<Instant, List<String>> rows() throws SQLException {
    SortedMap<Instant, List<String>> rows = new TreeMap<>();
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      for (Instant batch : accepted.keySet()) {
        statement.execute("CREATE OR REPLACE TABLE events (k VARCHAR, amount DOUBLE)");
        try (PreparedStatement insert = duck.prepareStatement("INSERT INTO events VALUES (?, ?)")) {
          for (Event event : accepted.get(batch)) {
            insert.setString(1, event.k());
            insert.setDouble(2, event.amount());
            insert.execute();
          }
        }
        List<String> ofBatch = new ArrayList<>();
        try (ResultSet row =
            statement.executeQuery(
                "SELECT ROW(k, n, total, least, most)::VARCHAR FROM (" + SQL + ") ORDER BY k")) {
          while (row.next()) {
            ofBatch.add(row.getString(1));
          }
        }
        if (!ofBatch.isEmpty()) {
          rows.put(batch, ofBatch);
        }
      }
    }
    return rows;
  }
}
