package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.CrashPoint;
import dev.tidemill.cli.ForkedTidemill;
import dev.tidemill.embedded.EmbeddedBroker;
import dev.tidemill.load.PostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An extractor of PostgreSQL dies at a named point, again and again. */
final class JdbcKillTest {
  private static final Schema ORDER =
      SchemaBuilder.record("Order").fields().requiredLong("id").endRecord();
  private static final int ROWS_A_TRANSACTION = 20;
  private static final List<CrashPoint> POINTS =
      List.of(
          CrashPoint.AFTER_POSITION,
          CrashPoint.AFTER_ROW,
          CrashPoint.AFTER_EXTRACT_COMMIT,
          CrashPoint.BEFORE_POSITION);

  /** Runs in a process of its own. */
  public static void main(String[] args) {
    trial(args[0], args[1], args[2], args[3]).run();
  }

  private static JdbcTrial trial(String brokers, String name, String url, String cursor) {
    JdbcTrial trial = new JdbcTrial(brokers, name, url, ORDER).rowsATransaction(ROWS_A_TRANSACTION);
    if (name.equals("table")) {
      return trial.asTable("id").again();
    }
    return cursor.isEmpty() ? trial : trial.cursor(cursor).overlap(Duration.ofMinutes(2));
  }

  @Test
  void killed_a_few_times_each_row_is_published_once() {
    snapshot(2, 1);
    table(2, 1);
    incremental(2, 1);
  }

  @Test
  @Tag("faults")
  void killed_fifty_times_each_row_is_published_once() {
    snapshot(25, 2);
    table(25, 2);
    incremental(25, 2);
  }

  private static void snapshot(int kills, int seed) {
    int rows = kills * 8 * ROWS_A_TRANSACTION;
    killed(
        "snapshot",
        "",
        kills,
        seed,
        trial -> {},
        trial ->
            trial.sql("INSERT INTO orders SELECT i FROM generate_series(0, " + (rows - 1) + ") i"),
        numbers(rows));
  }

  /**
   * Read again and again, with other rows in it after each death: it comes while they are
   * published, or while what has vanished is.
   */
  private static void table(int kills, int seed) {
    killed(
        "table",
        "",
        kills,
        seed,
        trial -> replace(trial, 8),
        trial -> {
          replace(trial, 8);
          trial.run();
          replace(trial, 2);
        },
        trial -> {
          trial.run(); // what the last reading has not found yet
          assertThat(trial.ids()).doesNotHaveDuplicates();
          assertThat(trial.contents()).hasSize(8 * ROWS_A_TRANSACTION);
          long first =
              trial.contents().keySet().stream().mapToLong(Long::parseLong).min().getAsLong();
          assertThat(trial.contents().keySet())
              .as("the rows of the last replacement")
              .containsExactlyInAnyOrderElementsOf(
                  LongStream.range(first, first + 8 * ROWS_A_TRANSACTION)
                      .mapToObj(String::valueOf)
                      .toList());
          assertThat(first).isEqualTo((8L * kills + 2) * ROWS_A_TRANSACTION);
        });
  }

  /** By as many transactions of rows, whose keys are larger than all before. */
  private static void replace(JdbcTrial trial, int transactions) {
    trial.sql(
        "INSERT INTO orders SELECT (SELECT COALESCE(MAX(id), -1) FROM orders) + i"
            + " FROM generate_series(1, %d) i".formatted(transactions * ROWS_A_TRANSACTION),
        "DELETE FROM orders WHERE id <= (SELECT MAX(id) FROM orders) - "
            + transactions * ROWS_A_TRANSACTION);
  }

  private static Step numbers(int rows) {
    return trial ->
        assertThat(trial.firsts())
            .isEqualTo(LongStream.range(0, rows).<Object>mapToObj(id -> id).toList());
  }

  /** Between two deaths, rows come behind and before those that were read. */
  private static void incremental(int kills, int seed) {
    int once = 8 * ROWS_A_TRANSACTION;
    String insert =
        "INSERT INTO orders SELECT (SELECT COALESCE(MAX(id), -1) FROM orders) + i,"
            + " TIMESTAMPTZ '2024-01-01 00:00Z' + (SELECT COUNT(*) FROM orders) * INTERVAL '0.5 s'"
            + " + (i * 37 %% 160 - 80) * INTERVAL '1 s' FROM generate_series(1, %d) i";
    killed(
        "incremental",
        "changed",
        kills,
        seed,
        trial -> trial.sql(insert.formatted(once)),
        trial -> trial.sql(insert.formatted(once)),
        numbers(once * (kills + 1)));
  }

  private interface Step {
    void take(JdbcTrial trial);
  }

  private static void killed(
      String name, String cursor, int kills, int seed, Step between, Step first, Step check) {
    Random random = new Random(seed);
    String url = PostgresServer.newSchema();
    try (EmbeddedBroker broker = EmbeddedBroker.temporary()) {
      String brokers = broker.bootstrapServers();
      JdbcTrial trial = trial(brokers, name, url, cursor);
      trial.sql(
          "CREATE TABLE orders (id BIGINT PRIMARY KEY, changed TIMESTAMPTZ NOT NULL DEFAULT now())");
      first.take(trial);
      for (int kill = 0; kill < kills; kill++) {
        CrashPoint point = POINTS.get((kill + (cursor.isEmpty() ? 0 : 2)) % POINTS.size());
        int transactions = 1 + random.nextInt(6);
        int times =
            point == CrashPoint.AFTER_ROW ? transactions * ROWS_A_TRANSACTION : transactions;
        String option = "-D" + CrashPoint.PROPERTY + "=" + point + ":" + times;
        try (ForkedTidemill running =
            ForkedTidemill.start(JdbcKillTest.class, List.of(option), brokers, name, url, cursor)) {
          assertThat(running.awaitEnd().exitCode())
              .as("%s %s: %s", name, option, running.err())
              .isEqualTo(CrashPoint.EXIT_CODE);
        }
        between.take(trial);
      }
      trial.run();
      check.take(trial);
    }
  }
}
