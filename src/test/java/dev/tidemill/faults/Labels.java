package dev.tidemill.faults;

import dev.tidemill.topology.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table in parts. Each partition has other rows for the same keys, so that whoever looks into
 * another part than its own finds what is wrong; each row has been another one before, and one is
 * gone.
 */
final class Labels implements TableLog {
  private static final int KEYS = 6;
  private static final Instant ONCE = Instant.parse("2024-03-09T00:00:00Z");

  static final Result RESULT =
      Result.only(
          "SELECT l.amount AS label, COUNT(*) AS n, SUM(e.amount) AS total FROM events e"
              + " JOIN labels l ON e.k = l.k WHERE e.amount >= 0 GROUP BY l.amount",
          "label, n, total",
          "SELECT l.amount, COUNT(*), SUM(e.amount) FROM events e"
              + " JOIN labels l ON e.k = l.k AND e.source_partition = l.part"
              + " WHERE e.amount >= 0 GROUP BY l.amount");

  @Override
  public String name() {
    return "labels";
  }

  @Override
  public String yaml() {
    return "table: {key: k, replicate: false}";
  }

  @Override
  public int partitions() {
    return Trial.PARTITIONS;
  }

  @Override
  public boolean isInParts() {
    return true;
  }

  /** All of it: a plain join sees what is there when it looks. */
  @Override
  public List<Entry> first() {
    List<Entry> entries = new ArrayList<>();
    for (int partition = 0; partition < partitions(); partition++) {
      for (int k = 0; k <= KEYS; k++) {
        entries.add(entry(partition, k, -1));
      }
      for (int k = 0; k < KEYS; k++) {
        entries.add(entry(partition, k, label(partition, k)));
      }
      entries.add(new Entry(partition, "k" + KEYS, Optional.empty(), Instant.now()));
    }
    return entries;
  }

  @Override
  public List<Entry> between(Instant from, Instant until) {
    return List.of();
  }

  private static Entry entry(int partition, int k, double label) {
    String key = "k" + k;
    return new Entry(partition, key, Optional.of(new Event(ONCE, key, label)), Instant.now());
  }

  private static double label(int partition, int k) {
    return 100 * partition + k;
  }

  @Override
  public List<String> oracle() {
    List<String> values = new ArrayList<>();
    for (int partition = 0; partition < partitions(); partition++) {
      for (int k = 0; k < KEYS; k++) {
        values.add("('k%d', %d, %s)".formatted(k, partition, label(partition, k)));
      }
    }
    return List.of(
        "CREATE TABLE labels AS SELECT k, part, CAST(amount AS DOUBLE) AS amount FROM (VALUES "
            + String.join(", ", values)
            + ") AS t(k, part, amount)");
  }
}
