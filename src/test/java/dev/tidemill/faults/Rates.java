package dev.tidemill.faults;

import dev.tidemill.topology.Event;
import dev.tidemill.topology.RandomLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A table whose rows are seen as they were: they change and go, every few minutes of the log's
 * time. A version is written behind the records of its time, so that these have to wait for it.
 */
final class Rates implements TableLog {
  private static final int PARTITIONS = 2;
  private static final int VERSIONS = 3_000;
  private static final int KEYS = 8;
  private static final Instant BEGIN = Instant.parse("2024-03-09T22:00:00Z");

  /** What each version of a key is worth, until the next one. */
  static final Result RESULT =
      Result.only(
          "SELECT e.k, COUNT(*) AS n, COUNT(r.k) AS found, SUM(r.amount) AS rates FROM events e"
              + " LEFT JOIN rates FOR SYSTEM_TIME AS OF e.at AS r ON e.k = r.k"
              + " WHERE e.amount >= 0 GROUP BY e.k",
          "k, n, found, rates",
          "SELECT e.k, COUNT(*), COUNT(r.k), SUM(r.amount) FROM events e LEFT JOIN rates r"
              + " ON e.k = r.k AND e.ms >= r.since AND e.ms < r.upto"
              + " WHERE e.amount >= 0 GROUP BY e.k");

  private final List<Entry> versions = new ArrayList<>();

  Rates(long seed) {
    Random random = new Random(seed);
    Instant now = BEGIN;
    for (int i = 0; i < VERSIONS; i++) {
      now = now.plus(Duration.ofSeconds(1 + random.nextInt(900)));
      String key = "k" + random.nextInt(KEYS);
      Event row = new Event(now, key, random.nextInt(400) / 8.0);
      boolean deleted = random.nextInt(6) == 0;
      versions.add(version(key, deleted ? Optional.empty() : Optional.of(row), now));
    }
  }

  private static Entry version(String key, Optional<Event> row, Instant time) {
    return new Entry(Math.floorMod(key.hashCode(), PARTITIONS), key, row, time);
  }

  @Override
  public String name() {
    return "rates";
  }

  /** It waits for years, as the log is years old: else what is joined would depend on the clock. */
  @Override
  public String yaml() {
    return "event-time: at, table: {key: k, wait: 10000d}";
  }

  @Override
  public int partitions() {
    return PARTITIONS;
  }

  @Override
  public boolean isInParts() {
    return false;
  }

  @Override
  public List<Entry> first() {
    return List.of();
  }

  @Override
  public List<Entry> between(Instant from, Instant until) {
    List<Entry> entries = new ArrayList<>();
    versions.stream()
        .filter(v -> v.written().isAfter(from) && !v.written().isAfter(until))
        .forEach(entries::add);
    Instant known = until.plus(RandomLog.GRACE).plusMillis(1); // all partitions know until then
    for (int partition = 0; partition < PARTITIONS; partition++) {
      entries.add(new Entry(partition, "z", Optional.of(new Event(known, "z", 0)), known));
    }
    return entries;
  }

  @Override
  public List<String> oracle() {
    List<String> values = new ArrayList<>();
    for (Entry version : versions) {
      values.add(
          "('%s', %s, %d)"
              .formatted(
                  version.key(),
                  version.row().map(row -> String.valueOf(row.amount())).orElse("NULL"),
                  version.written().toEpochMilli()));
    }
    return List.of(
        "CREATE TABLE versions AS FROM (VALUES "
            + String.join(", ", values)
            + ") AS t(k, amount, since)",
        "CREATE VIEW rates AS SELECT * FROM (SELECT k, CAST(amount AS DOUBLE) AS amount, since,"
            + " LEAD(since, 1, 9223372036854775807) OVER (PARTITION BY k ORDER BY since) AS upto"
            + " FROM versions) AS v WHERE amount IS NOT NULL");
  }
}
