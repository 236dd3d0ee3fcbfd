package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.Books;
import dev.tidemill.batch.JoinCount;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.SourceSpan;
import dev.tidemill.definition.BatchRule.LatePolicy;
import dev.tidemill.sql.Query;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Promise 1 over many random logs: however the work is shared out, whenever who commits, dies, goes
 * on elsewhere or believes that it is silent, the final content and books are the same bytes, and
 * those that the definition of the words asks for.
 *
 * <p>Simulated, because a real run takes seconds and never the same way twice; here hundreds of
 * logs with thousands of commits and deaths take seconds, and a seed repeats each. {@link
 * SameLogSameBatchesTest} does the same to Kafka, for a few logs.
 *
 * <p>{@code -Dtidemill.logs=1000} makes more of them, {@code -Dtidemill.seed=1000} others.
 */
class SameLogPropertyTest {
  private static final int LOGS = Integer.getInteger("tidemill.logs", 80);
  private static final int RECORDS = 150;
  private static final int CHUNK = 3;
  private static final int LOGS_OF_A_PROGRAM = 25;
  private static final Spec SPEC =
      Spec.sums(RandomLog.PARTITIONS)
          .grace(RandomLog.GRACE)
          .expect("known", RandomLog.RULE)
          .soonIdle();

  private static final Duration EARLY = Duration.ofSeconds(1);

  private SimulatedPipeline.Parts parts;
  private long now = SimulatedTask.NOW;

  /** Of the last log, in a run without trouble. */
  private SortedMap<Instant, Final> calm;

  private static final List<String> PROGRAMS =
      List.of(
          "SELECT a.k, a.amount, b.amount AS other FROM events a JOIN events b ON a.k = b.k"
              + " AND a.amount < b.amount WHERE a.amount >= 0 AND b.amount >= 0",
          "SELECT a.k, COUNT(*) AS n, SUM(b.amount) AS s FROM events a LEFT JOIN events b"
              + " ON a.k = b.k AND b.amount > 100 WHERE a.amount >= 0 AND b.amount >= 0"
              + " GROUP BY a.k",
          "SELECT k, amount FROM events WHERE amount >= 0 ORDER BY amount DESC, k LIMIT 4",
          "SELECT k, amount, RANK() OVER (PARTITION BY k ORDER BY amount) AS r"
              + " FROM events WHERE amount >= 0",
          "SELECT k, n, SUM(n) OVER () AS all_n FROM (SELECT k, COUNT(*) AS n FROM events"
              + " WHERE amount >= 0 GROUP BY k) AS x",
          "SELECT DISTINCT k FROM events WHERE amount >= 0"
              + " UNION ALL SELECT k FROM events WHERE amount >= 100",
          "SELECT k, COUNT(*) AS n FROM events WHERE amount >= 0 AND amount <="
              + " (SELECT AVG(amount) FROM events WHERE amount >= 0) GROUP BY k",
          "SELECT a.k, a.source_offset AS o, b.source_offset AS p FROM events a JOIN events b"
              + " ON a.k = b.k AND a.source_partition = b.source_partition"
              + " AND a.event_time < b.event_time WHERE a.amount >= 0 AND b.amount >= 0",
          "SELECT k, source_partition AS p, COUNT(*) AS n, SUM(source_offset) AS o,"
              + " SUM(CASE WHEN event_time >= batch_start AND event_time < batch_end"
              + " THEN 0 ELSE 1 END) AS carried,"
              + " EXTRACT(HOUR FROM batch_end) AS e"
              + " FROM events WHERE amount >= 0 GROUP BY k, source_partition, batch_end",
          "SELECT k, total(source_offset, amount > 50) AS t FROM events WHERE amount >= 0"
              + " GROUP BY k",
          "SELECT k, x.n, COUNT(*) AS c, ARRAY_AGG(x.v ORDER BY x.v) AS vs FROM events,"
              + " UNNEST(ARRAY[amount, amount + 0.5e0]) WITH ORDINALITY AS x (v, n)"
              + " WHERE amount >= 0 GROUP BY k, x.n",
          "SELECT k, x.v FROM events, UNNEST(ARRAY[amount, 1e0, amount]) AS x (v)"
              + " WHERE amount >= 0");

  /** Everything of a batch that must not depend on the run. */
  private record Final(
      Books books, List<SourceSpan> spans, SortedMap<String, JoinCount> joins, List<String> rows) {

    private JoinCount names() {
      return joins.getOrDefault("names", JoinCount.NONE);
    }

    /** Records of it that are in a result. */
    private long merged() {
      return books.accepted() + books.amended() + books.carried();
    }
  }

  @ParameterizedTest(name = "late: {0}")
  @EnumSource
  void content_and_books_are_a_function_of_the_log_and_of_nothing_else(LatePolicy late) {
    check(
        SPEC.sql(RandomLog.SQL).late(late),
        LOGS,
        seed -> RandomLog.rough(seed, RECORDS).late(late),
        RandomLog::expected);
  }

  @Test
  void so_they_are_by_the_clock_of_the_wall() {
    check(
        SPEC.byTheWall().grace(Duration.ZERO).sql(RandomLog.SQL),
        LOGS / 2,
        seed -> RandomLog.byTheWall(seed, RECORDS),
        RandomLog::expected);
  }

  @Test
  void so_they_are_in_batches_of_so_many_records() {
    check(
        SPEC.every(7).grace(Duration.ZERO).sql(RandomLog.SQL),
        LOGS / 2,
        seed -> RandomLog.counted(seed, RECORDS, 7),
        RandomLog::expected);
  }

  @ParameterizedTest
  @MethodSource
  void so_is_what_shares_make_of_the_rows_they_hold(String sql, LatePolicy late) {
    check(
        SPEC.sql(sql).late(late),
        LOGS_OF_A_PROGRAM,
        seed -> new RandomLog(seed, RECORDS).late(late),
        log -> log.rows(sql));
  }

  static Stream<Arguments> so_is_what_shares_make_of_the_rows_they_hold() {
    LatePolicy[] policies = LatePolicy.values();
    return IntStream.range(0, PROGRAMS.size())
        .mapToObj(i -> Arguments.of(PROGRAMS.get(i), policies[i % policies.length]));
  }

  /** A record that comes late can make one session of two, or two of a session that was none. */
  @Test
  void so_are_sessions() {
    String numbered =
        "SELECT *, SUM(CASE WHEN event_time >= previous + INTERVAL '10' MINUTE THEN 1 ELSE 0 END)"
            + " OVER (PARTITION BY k ORDER BY event_time) AS session"
            + " FROM (SELECT *, LAG(event_time) OVER (PARTITION BY k ORDER BY event_time)"
            + " AS previous FROM events WHERE amount >= 0) AS e";
    check(
        SPEC.sql(
                "SELECT k, SESSION_START(event_time, INTERVAL '10' MINUTE) AS s,"
                    + " SESSION_END(event_time, INTERVAL '10' MINUTE) AS e, COUNT(*) AS n,"
                    + " SUM(amount) AS amount FROM events WHERE amount >= 0"
                    + " GROUP BY k, SESSION(event_time, INTERVAL '10' MINUTE)")
            .late(LatePolicy.AMEND),
        LOGS_OF_A_PROGRAM,
        seed -> new RandomLog(seed, RECORDS).late(LatePolicy.AMEND),
        log ->
            log.rows(
                "SELECT k, epoch_ms(MIN(event_time)), epoch_ms(MAX(event_time) + INTERVAL '10' MINUTE),"
                    + " COUNT(*), SUM(amount) FROM ("
                    + numbered
                    + ") AS x GROUP BY k, session"));
  }

  @ParameterizedTest(name = "late: {0}")
  @EnumSource
  void so_are_hits_and_misses_of_the_lookups(LatePolicy late) {
    String sql =
        "SELECT e.k, n.name, COUNT(*) AS n FROM events e LEFT JOIN names n ON e.k = n.k"
            + " WHERE e.amount >= 0 GROUP BY e.k, n.name";
    check(
        SPEC.sql(sql).names(Query.OnMiss.JOIN).late(late),
        LOGS_OF_A_PROGRAM,
        seed -> new RandomLog(seed, RECORDS).late(late),
        log -> log.rows(sql));
    assertThat(calm.values())
        .as("each record that takes part has looked once, in the books of its own batch")
        .allMatch(batch -> batch.names().hits() + batch.names().misses() == batch.merged())
        .anyMatch(batch -> batch.names().hits() > 0 && batch.names().misses() > 0);
  }

  /** As DuckDB tells the rows of all of them: each has its columns behind its name. */
  private static final String SEVERAL =
      "WITH by_k AS (SELECT k, COUNT(*) AS n, SUM(amount) AS total FROM events WHERE amount >= 0"
          + " GROUP BY k)"
          + " SELECT 'by_k', k, n, total, NULL, NULL, NULL, NULL, NULL FROM by_k UNION ALL"
          + " SELECT 'top', NULL, NULL, NULL, k, n, NULL, NULL, NULL"
          + " FROM (SELECT k, n FROM by_k ORDER BY n DESC, k LIMIT 3) UNION ALL"
          + " SELECT 'pairs', NULL, NULL, NULL, NULL, NULL, a.k, a.amount, b.amount FROM events a"
          + " JOIN events b ON a.k = b.k AND a.amount < b.amount AND b.amount < a.amount + 9e0"
          + " WHERE a.amount >= 0 AND b.amount >= 0";

  @ParameterizedTest(name = "late: {0}")
  @EnumSource
  void so_are_the_results_of_several_statements(LatePolicy late, @TempDir Path folder) {
    parts = several(folder, late);
    check(
        parts,
        LOGS_OF_A_PROGRAM / 2,
        seed -> new RandomLog(seed, RECORDS).late(late),
        log -> log.rows(SEVERAL),
        (wild, none) -> {});
  }

  /** The second needs all of a batch in one share, the others do not. */
  @Test
  void each_of_several_statements_is_spread_over_the_shares_as_it_can_be(@TempDir Path folder) {
    parts = several(folder, LatePolicy.REJECT);
    SimulatedPipeline pipeline = new SimulatedPipeline(parts, CHUNK);
    for (int k = 0; k < 30; k++) {
      pipeline.append(k % RandomLog.PARTITIONS, Event.of("2024-03-10T05:10:00", "k" + k));
      pipeline.append(k % RandomLog.PARTITIONS, Event.of("2024-03-10T05:10:00", "k" + k, 2));
    }
    pipeline.settle();
    LedgerEntry entry = pipeline.entries().iterator().next();
    assertThat(entry.queryRows()).isEqualTo(Map.of("by_k", 30L, "top", 3L, "pairs", 30L));
    assertThat(sharesWith(entry, "by_k")).isEqualTo(RandomLog.PARTITIONS);
    assertThat(sharesWith(entry, "pairs")).isEqualTo(RandomLog.PARTITIONS);
    assertThat(sharesWith(entry, "top")).isEqualTo(1);
  }

  private static long sharesWith(LedgerEntry entry, String query) {
    return entry.shares().stream()
        .filter(share -> share.queries().getOrDefault(query, 0L) > 0)
        .count();
  }

  private static SimulatedPipeline.Parts several(Path folder, LatePolicy late) {
    return new SimulatedPipeline.Parts(
        new Yaml(folder)
            .file("event.avsc", Event.SCHEMA.toString())
            .compile(
                """
                pipeline: simulated
                batch: {every: "@hourly", grace: %dm, idle-after: 300ms, late: %s}
                sources:
                  events:
                    topic: {name: %s, format: avro, trust-timestamps: true}
                    schema: event.avsc
                    event-time: at
                    expect: {known: "%s"}
                queries:
                  by_k:
                    sql: SELECT k, COUNT(*) AS n, SUM(amount) AS total FROM events WHERE amount >= 0 GROUP BY k
                    load: [{duckdb: {path: out.duckdb, table: by_k}}]
                  top:
                    sql: SELECT k, n FROM by_k ORDER BY n DESC, k LIMIT 3
                    load: [{duckdb: {path: out.duckdb, table: top}}]
                  pairs:
                    sql: SELECT a.k, a.amount, b.amount AS other FROM events a JOIN events b ON a.k = b.k AND a.amount < b.amount AND b.amount < a.amount + 9e0 WHERE a.amount >= 0 AND b.amount >= 0
                    load: [{duckdb: {path: out.duckdb, table: pairs}}]
                """
                    .formatted(
                        RandomLog.GRACE.toMinutes(),
                        late.name().toLowerCase(Locale.ROOT),
                        Spec.topic("simulated"),
                        RandomLog.RULE)),
        RandomLog.PARTITIONS);
  }

  @Test
  void so_are_the_misses_that_are_rejected() {
    String sql =
        "SELECT e.k, COUNT(*) AS n FROM events e JOIN names n ON e.k = n.k"
            + " WHERE e.amount >= 0 GROUP BY e.k";
    parts = new SimulatedPipeline.Parts(SPEC.sql(sql).names(Query.OnMiss.REJECT));
    SimulatedPipeline pipeline = new SimulatedPipeline(parts, CHUNK);
    pipeline.append(
        0,
        Event.of("2024-03-10T05:10:00", "a"),
        Event.of("2024-03-10T05:11:00", "b"),
        Event.of("2024-03-10T05:12:00", "unknown"),
        Event.of("2024-03-10T05:13:00", "b", -1));
    pipeline.settle();
    LedgerEntry entry = pipeline.entries().iterator().next();
    assertThat(entry.books()).isEqualTo(new Books(4, 1, 1, 2, 0, 0, 0));
    assertThat(entry.joins()).isEqualTo(Map.of("names", new JoinCount(1, 1)));
  }

  @ParameterizedTest(name = "late: {0}")
  @EnumSource
  void so_they_are_with_early_results_which_are_those_of_the_records_in_them(LatePolicy late) {
    String sql =
        "SELECT k, COUNT(*) AS n, MIN(amount) AS least FROM events WHERE amount >= 0 GROUP BY k";
    long[] seen = {0};
    check(
        SPEC.sql(sql).late(late),
        LOGS / 12,
        seed -> new RandomLog(seed, RECORDS).late(late),
        log -> log.rows(sql),
        spec -> spec.early(EARLY),
        (wild, entry) -> {
          long records =
              wild.values(entry).stream().mapToLong(row -> ((Number) row[1]).longValue()).sum();
          assertThat(records)
              .as("records in %s", wild.texts(entry))
              .isEqualTo(entry.mergedRecords())
              .isLessThanOrEqualTo(once(entry).books().merged());
          seen[0] += records;
        });
    assertThat(seen[0]).as("records that were seen early").isPositive();
  }

  @ParameterizedTest
  @MethodSource("so_is_what_shares_make_of_the_rows_they_hold")
  void so_is_what_shares_make_early_of_the_rows_they_hold(String sql, LatePolicy late) {
    check(
        SPEC.sql(sql).late(late),
        LOGS_OF_A_PROGRAM / 5,
        seed -> new RandomLog(seed, RECORDS).late(late),
        log -> log.rows(sql),
        spec -> spec.early(EARLY),
        (wild, entry) ->
            assertThat(entry.mergedRecords()).isLessThanOrEqualTo(once(entry).books().merged()));
  }

  private Final once(LedgerEntry early) {
    return calm.get(early.batch().start());
  }

  private void check(
      Spec spec,
      int logs,
      LongFunction<RandomLog> draw,
      Function<RandomLog, SortedMap<Instant, List<String>>> expected) {
    check(spec, logs, draw, expected, same -> same, (wild, early) -> {});
  }

  /**
   * @param troubled the definition of the runs with trouble
   * @param early what is asked of each early attempt, while {@link #calm} is of its log
   */
  private void check(
      Spec spec,
      int logs,
      LongFunction<RandomLog> draw,
      Function<RandomLog, SortedMap<Instant, List<String>>> expected,
      UnaryOperator<Spec> troubled,
      BiConsumer<SimulatedPipeline, LedgerEntry> early) {
    parts = new SimulatedPipeline.Parts(spec);
    check(new SimulatedPipeline.Parts(troubled.apply(spec)), logs, draw, expected, early);
  }

  /**
   * @param inTrouble what the runs with trouble are of; {@link #parts} is what the others are of
   */
  private void check(
      SimulatedPipeline.Parts inTrouble,
      int logs,
      LongFunction<RandomLog> draw,
      Function<RandomLog, SortedMap<Instant, List<String>>> expected,
      BiConsumer<SimulatedPipeline, LedgerEntry> early) {
    long first = Long.getLong("tidemill.seed", 1);
    long[] happened = new long[Chaos.values().length];
    for (long seed = first; seed < first + logs; seed++) {
      RandomLog log = draw.apply(seed);
      SimulatedPipeline calm = new SimulatedPipeline(parts, CHUNK);
      write(calm, log.entries());
      calm.settle();
      SortedMap<Instant, Final> once = finals(calm);
      this.calm = once;
      assertThat(books(once)).as("books, seed %d", seed).isEqualTo(log.books());
      assertThat(texts(calm)).as("rows, seed %d", seed).isEqualTo(expected.apply(log));

      for (int threads = 1; threads <= 3; threads++) {
        SimulatedPipeline wild = new SimulatedPipeline(inTrouble, CHUNK);
        run(wild, log, new Random(31 * seed + threads), threads, happened);
        wild.settle();
        assertThat(wild.entries())
            .as("seed %d, %d threads: every batch ends, with books that balance", seed, threads)
            .allMatch(entry -> entry.state() == BatchState.READY && entry.balances());
        assertThat(wild.everyAttempt())
            .as("seed %d, %d threads: what was ever ready had all its rows", seed, threads)
            .filteredOn(entry -> entry.state() != BatchState.CLOSING)
            .filteredOn(entry -> entry.state() != BatchState.OPEN)
            .allMatch(entry -> wild.rows(entry).size() == entry.resultRows());
        assertThat(finals(wild)).as("seed %d, %d threads", seed, threads).isEqualTo(once);
        assertThat(wild.earlyAttempts())
            .as("seed %d, %d threads: early results had all their rows", seed, threads)
            .allMatch(entry -> wild.rows(entry).size() == entry.resultRows())
            .allSatisfy(entry -> early.accept(wild, entry));
        assertThat(wild.rejects()).as("seed %d", seed).doesNotHaveDuplicates();
        assertThat(wild.rejects())
            .as("seed %d", seed)
            .containsExactlyInAnyOrderElementsOf(calm.rejects());
      }
    }
    assertThat(Arrays.stream(happened)).as("all happened, often").allMatch(times -> times > logs);
  }

  /** What may happen between two records. */
  private enum Chaos {
    ARRIVAL,
    WORK,
    COMMIT,
    SILENCE,
    TICK,
    DEATH,
    REBALANCE
  }

  private void run(
      SimulatedPipeline pipeline, RandomLog log, Random random, int count, long[] happened) {
    List<RandomLog.Entry> left = new ArrayList<>(log.entries());
    boolean atOnce = random.nextInt(3) == 0;
    List<List<SimulatedTask<?>>> threads = share(pipeline, random, count);
    for (int steps = 0; !left.isEmpty() || steps < 200; steps++) {
      List<SimulatedTask<?>> thread = threads.get(random.nextInt(count));
      Chaos chaos = draw(random);
      happened[chaos.ordinal()]++;
      switch (chaos) {
        case ARRIVAL -> {
          int some = Math.min(left.size(), atOnce ? RECORDS : 1 + random.nextInt(10));
          write(pipeline, left.subList(0, some));
          left.subList(0, some).clear();
        }
        case WORK -> {
          SimulatedTask<?> task = thread.get(random.nextInt(thread.size()));
          for (int i = random.nextInt(40); i >= 0 && task.processOne(); i--) {}
        }
        case COMMIT -> pipeline.commit(thread);
        case SILENCE -> pipeline.commitSilent(thread);
        case TICK -> {
          // Some ticks are those of early results, if there are any.
          now += random.nextInt(2) * EARLY.toMillis();
          thread.forEach(task -> task.tick(now));
          pipeline.commit(thread);
        }
        case DEATH -> thread.forEach(SimulatedTask::restart);
        case REBALANCE -> {
          threads.forEach(pipeline::commit);
          pipeline.tasks().forEach(SimulatedTask::restart);
          threads = share(pipeline, random, count);
        }
      }
    }
  }

  private static Chaos draw(Random random) {
    int[] weights = {4, 12, 4, 2, 6, 2, 1};
    int at = random.nextInt(31);
    for (int i = 0; i < weights.length; i++) {
      at -= weights[i];
      if (at < 0) {
        return Chaos.values()[i];
      }
    }
    throw new AssertionError("the weights do not add up");
  }

  /** Each thread has some tasks of all. */
  private static List<List<SimulatedTask<?>>> share(
      SimulatedPipeline pipeline, Random random, int count) {
    List<SimulatedTask<?>> tasks = new ArrayList<>(pipeline.tasks());
    Collections.shuffle(tasks, random);
    List<List<SimulatedTask<?>>> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      threads.add(new ArrayList<>());
    }
    for (int i = 0; i < tasks.size(); i++) {
      threads.get(i % count).add(tasks.get(i));
    }
    return threads;
  }

  private void write(SimulatedPipeline pipeline, List<RandomLog.Entry> entries) {
    for (RandomLog.Entry entry : entries) {
      if (entry.event().isPresent() && parts.isByTheWall()) {
        Event event = entry.event().get();
        pipeline.append(entry.partition(), event, event.at().toEpochMilli());
      } else {
        pipeline.append(entry.partition(), entry.event().map(parts::bytes).orElse(new byte[] {7}));
      }
    }
  }

  private static SortedMap<Instant, Final> finals(SimulatedPipeline pipeline) {
    SortedMap<Instant, Final> finals = new TreeMap<>();
    for (LedgerEntry entry : pipeline.entries()) {
      List<SourceSpan> spans = new ArrayList<>(entry.spans());
      spans.sort((a, b) -> Integer.compare(a.partition(), b.partition()));
      finals.put(
          entry.batch().start(),
          new Final(
              entry.books(),
              spans,
              entry.joins(),
              pipeline.rows(entry).stream().map(HexFormat.of()::formatHex).toList()));
    }
    return finals;
  }

  /** Without the empty batches between. */
  private static SortedMap<Instant, Books> books(SortedMap<Instant, Final> finals) {
    SortedMap<Instant, Books> books = new TreeMap<>();
    finals.forEach((batch, end) -> books.put(batch, end.books()));
    books.values().removeIf(Books.EMPTY::equals);
    return books;
  }

  private static SortedMap<Instant, List<String>> texts(SimulatedPipeline pipeline) {
    SortedMap<Instant, List<String>> texts = new TreeMap<>();
    for (LedgerEntry entry : pipeline.entries()) {
      List<String> rows = pipeline.texts(entry);
      if (!rows.isEmpty()) {
        texts.put(entry.batch().start(), rows);
      }
    }
    return texts;
  }
}
