package dev.tidemill.topology;

import dev.tidemill.batch.Books;
import dev.tidemill.cli.Table;
import dev.tidemill.definition.BatchRule.LatePolicy;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A log drawn at random, with what must become of each record: verdicts by the definition of the
 * words, rows by DuckDB.
 */
public final class RandomLog {
  static final int PARTITIONS = 3;
  public static final Duration GRACE = Duration.ofMinutes(20);
  public static final String RULE = "k <> 'unknown'";

  /** A statement that merges records. */
  public static final String SQL =
      "SELECT k, COUNT(*) AS n, SUM(amount) AS total, MIN(amount) AS least, MAX(amount) AS most"
          + " FROM events WHERE amount >= 0 GROUP BY k HAVING COUNT(*) > 1";

  /** A statement that keeps each record apart. */
  public static final String ROWS_SQL = "SELECT k, amount FROM events WHERE amount >= 0";

  /** A statement that joins a batch with itself: few rows find another. */
  public static final String JOIN_SQL =
      "SELECT a.k, b.amount FROM events a JOIN events b"
          + " ON a.k = b.k AND a.amount + 0.125e0 = b.amount WHERE a.amount >= 0 AND b.amount >= 0";

  private static final Duration HOUR = Duration.ofHours(1);
  private static final int SOME_ROWS = 1_000;
  private static final Books CARRIED_IN = new Books(0, 0, 0, 0, 0, 0, 0, 0, 1);

  /** What must become of a record. */
  public enum Fate {
    ACCEPTED,
    FILTERED,
    REJECTED,
    LATE,
    UNDECODABLE
  }

  /**
   * @param offset counted from 0 in its partition
   * @param event empty: bytes that are no record
   * @param batch its hour; empty if it belongs to none
   * @param inTime the fate that it would have had if it had not been late
   * @param clockBatch the hour in which its partition's clock was before it
   */
  public record Entry(
      int partition,
      long offset,
      Optional<Event> event,
      Optional<Instant> batch,
      Fate fate,
      Fate inTime,
      Optional<Instant> clockBatch) {

    /**
     * @param encoding of events
     */
    public byte[] bytes(Function<Event, byte[]> encoding) {
      return event.map(encoding).orElse(new byte[] {7});
    }
  }

  private final int partitions;
  private final List<Entry> entries = new ArrayList<>();
  private final Instant[] clocks;
  private final long[] offsets;
  private boolean byTheWall;
  private int perBatch;
  private LatePolicy policy = LatePolicy.REJECT;

  RandomLog(long seed, int records) {
    this(seed, records, PARTITIONS, Duration.ofMinutes(4));
  }

  /** With amounts of which no sum is exact. */
  static RandomLog rough(long seed, int records) {
    return new RandomLog(
        seed,
        records,
        PARTITIONS,
        Duration.ofMinutes(4),
        random -> (random.nextInt(10) - 1) * random.nextDouble() * Math.pow(10, random.nextInt(9)));
  }

  /** Whose batches are so many records of each partition. */
  static RandomLog counted(long seed, int records, int perBatch) {
    RandomLog log = new RandomLog(seed, 0);
    log.perBatch = perBatch;
    log.draw(seed, records, Duration.ofMinutes(4), random -> (random.nextInt(2000) - 200) / 8.0);
    return log;
  }

  /** Whose batches go by the times at which the broker wrote the records: those of the events. */
  static RandomLog byTheWall(long seed, int records) {
    RandomLog log = new RandomLog(seed, 0);
    log.byTheWall = true;
    log.draw(seed, records, Duration.ofMinutes(4), random -> (random.nextInt(2000) - 200) / 8.0);
    return log;
  }

  /**
   * @param pace at most so much time between the records of a partition, but for a jump now and
   *     then
   */
  public RandomLog(long seed, int records, int partitions, Duration pace) {
    // Eighths: sums of doubles are exact in any order, so that DuckDB has the same bits.
    this(seed, records, partitions, pace, random -> (random.nextInt(2000) - 200) / 8.0);
  }

  private RandomLog(
      long seed, int records, int partitions, Duration pace, ToDoubleFunction<Random> amounts) {
    this.partitions = partitions;
    this.clocks = new Instant[partitions];
    this.offsets = new long[partitions];
    draw(seed, records, pace, amounts);
  }

  private void draw(long seed, int records, Duration pace, ToDoubleFunction<Random> amounts) {
    Random random = new Random(seed);
    Instant[] now = new Instant[partitions];
    Arrays.fill(now, Instant.parse("2024-03-10T00:00:00Z"));
    for (int i = 0; i < records; i++) {
      int partition = random.nextInt(partitions);
      if (random.nextInt(30) == 0) {
        add(
            partition,
            Optional.empty(),
            Optional.empty(),
            Fate.UNDECODABLE,
            Fate.UNDECODABLE,
            Optional.empty());
        continue;
      }
      long jump = pace.toSeconds() * (random.nextInt(60) == 0 ? 50 : 1);
      now[partition] = now[partition].plus(random.nextLong(jump), ChronoUnit.SECONDS);
      int back = random.nextInt(4) == 0 ? random.nextInt(120) : random.nextInt(10);
      String k = random.nextInt(20) == 0 ? "unknown" : "k" + random.nextInt(8);
      double amount = amounts.applyAsDouble(random);
      judge(partition, new Event(now[partition].minus(back, ChronoUnit.MINUTES), k, amount));
    }
  }

  private void judge(int partition, Event event) {
    Instant clock = clocks[partition];
    boolean backwards = byTheWall && clock != null && clock.isAfter(event.at());
    Instant batch =
        perBatch > 0
            ? Instant.ofEpochSecond(offsets[partition] / perBatch)
            : (backwards ? clock : event.at()).truncatedTo(ChronoUnit.HOURS);
    boolean late = perBatch == 0 && clock != null && !clock.isBefore(batch.plus(HOUR).plus(GRACE));
    clocks[partition] = clock == null || event.at().isAfter(clock) ? event.at() : clock;
    Fate inTime =
        event.k().equals("unknown")
            ? Fate.REJECTED
            : event.amount() < 0 ? Fate.FILTERED : Fate.ACCEPTED;
    add(
        partition,
        Optional.of(event),
        Optional.of(batch),
        late ? Fate.LATE : inTime,
        inTime,
        Optional.ofNullable(clock).map(time -> time.truncatedTo(ChronoUnit.HOURS)));
  }

  private void add(
      int partition,
      Optional<Event> event,
      Optional<Instant> batch,
      Fate fate,
      Fate inTime,
      Optional<Instant> clockBatch) {
    entries.add(new Entry(partition, offsets[partition]++, event, batch, fate, inTime, clockBatch));
  }

  /** What is expected from now on is what this policy makes of the late records. */
  public RandomLog late(LatePolicy late) {
    policy = late;
    return this;
  }

  /** The batch of whose result the record is a part. */
  private Optional<Instant> takesPartIn(Entry entry) {
    if (entry.inTime() != Fate.ACCEPTED) {
      return Optional.empty();
    }
    if (entry.fate() != Fate.LATE) {
      return entry.batch();
    }
    return switch (policy) {
      case REJECT -> Optional.empty();
      case AMEND -> entry.batch();
      case CARRY -> entry.clockBatch();
    };
  }

  /** The step at which the record got into the rejects, if it did. */
  public Optional<String> rejectedAt(Entry entry) {
    if (entry.fate() == Fate.LATE && policy == LatePolicy.REJECT) {
      return Optional.of("late");
    }
    return switch (entry.inTime()) {
      case UNDECODABLE -> Optional.of("decode");
      case REJECTED -> Optional.of("expect");
      case ACCEPTED, FILTERED, LATE -> Optional.empty();
    };
  }

  public int partitions() {
    return partitions;
  }

  public List<Entry> entries() {
    return entries;
  }

  /** Of every batch with records. */
  SortedMap<Instant, Books> books() {
    SortedMap<Instant, Books> books = new TreeMap<>();
    spans()
        .forEach(
            (batch, spans) ->
                books.put(batch, spans.values().stream().reduce(Books.EMPTY, Books::plus)));
    return books;
  }

  /** Of every batch with records, by source partition. */
  public SortedMap<Instant, SortedMap<Integer, Books>> spans() {
    SortedMap<Instant, SortedMap<Integer, Books>> spans = new TreeMap<>();
    for (Entry entry : entries) {
      if (entry.batch().isPresent()) {
        spans
            .computeIfAbsent(entry.batch().get(), b -> new TreeMap<>())
            .merge(entry.partition(), one(entry), Books::plus);
      }
      Optional<Instant> part = takesPartIn(entry);
      if (part.isPresent() && !part.equals(entry.batch())) {
        spans.get(part.get()).merge(entry.partition(), CARRIED_IN, Books::plus);
      }
    }
    return spans;
  }

  private Books one(Entry entry) {
    Fate fate = entry.fate();
    boolean merged = fate == Fate.LATE && takesPartIn(entry).isPresent();
    return new Books(
        1,
        fate == Fate.ACCEPTED ? 1 : 0,
        fate == Fate.FILTERED ? 1 : 0,
        fate == Fate.REJECTED ? 1 : 0,
        0,
        fate == Fate.LATE ? 1 : 0,
        merged && policy == LatePolicy.AMEND ? 1 : 0,
        merged && policy == LatePolicy.CARRY ? 1 : 0,
        0);
  }

  /** {@link #SQL} as a person would work it out; sums are exact and rounded once. */
  SortedMap<Instant, List<String>> expected() {
    SortedMap<Instant, SortedMap<String, List<Double>>> groups = new TreeMap<>();
    for (Entry entry : entries) {
      if (takesPartIn(entry).isPresent()) {
        groups
            .computeIfAbsent(takesPartIn(entry).get(), batch -> new TreeMap<>())
            .computeIfAbsent(entry.event().orElseThrow().k(), k -> new ArrayList<>())
            .add(entry.event().orElseThrow().amount());
      }
    }
    SortedMap<Instant, List<String>> rows = new TreeMap<>();
    groups.forEach(
        (batch, ofBatch) -> {
          ofBatch.values().removeIf(amounts -> amounts.size() < 2);
          if (!ofBatch.isEmpty()) {
            rows.put(
                batch,
                ofBatch.entrySet().stream().map(g -> row(g.getKey(), g.getValue())).toList());
          }
        });
    return rows;
  }

  private static String row(String k, List<Double> amounts) {
    BigDecimal sum = amounts.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
    return List.of(
            k,
            amounts.size(),
            sum.doubleValue(),
            Collections.min(amounts),
            Collections.max(amounts))
        .toString();
  }

  /** Batch by batch, what a nightly job would make of the accepted records, sorted. */
  public SortedMap<Instant, List<String>> rows(String sql) {
    return rows(sql, List.of());
  }

  /**
   * @param relations statements of DuckDB that make what else the statement reads
   */
  public SortedMap<Instant, List<String>> rows(String sql, List<String> relations) {
    SortedMap<Instant, List<String>> rows = new TreeMap<>();
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute(
          "CREATE TABLE log (batch BIGINT, k VARCHAR, amount DOUBLE, ms BIGINT,"
              + " source_partition INTEGER, source_offset BIGINT)");
      statement.execute(SomeNames.sql());
      statement.execute("CREATE MACRO total(x, counts) AS SUM(CASE WHEN counts THEN x END)");
      for (String relation : relations) {
        statement.execute(relation);
      }
      fill(statement);
      for (Instant batch : spans().keySet()) {
        statement.execute(
            "CREATE OR REPLACE TEMP VIEW events AS SELECT *, make_timestamp(ms * 1000) AS"
                + " event_time, make_timestamp(batch * 1000) AS batch_start,"
                + " make_timestamp(batch * 1000) + INTERVAL 1 HOUR AS batch_end"
                + " FROM log WHERE batch = "
                + batch.toEpochMilli());
        List<String> ofBatch =
            Table.query(duck, sql).stream().map(List::toString).sorted().toList();
        if (!ofBatch.isEmpty()) {
          rows.put(batch, ofBatch);
        }
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return rows;
  }

  private void fill(Statement statement) throws SQLException {
    List<String> values =
        entries.stream()
            .filter(entry -> takesPartIn(entry).isPresent())
            .map(
                entry ->
                    "(%d, '%s', %s, %d, %d, %d)"
                        .formatted(
                            takesPartIn(entry).orElseThrow().toEpochMilli(),
                            entry.event().orElseThrow().k(),
                            entry.event().orElseThrow().amount(),
                            entry.event().orElseThrow().at().toEpochMilli(),
                            entry.partition(),
                            entry.offset()))
            .toList();
    for (int from = 0; from < values.size(); from += SOME_ROWS) {
      List<String> some = values.subList(from, Math.min(from + SOME_ROWS, values.size()));
      statement.execute("INSERT INTO log VALUES " + String.join(", ", some));
    }
  }
}
