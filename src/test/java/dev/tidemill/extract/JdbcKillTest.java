package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.tidemill.batch.CrashPoint;
import dev.tidemill.cli.ForkedTidemill;
import dev.tidemill.embedded.EmbeddedBroker;
import dev.tidemill.load.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An extractor of PostgreSQL dies at a named point, again and again. */
final class JdbcKillTest {
  private static final Schema ORDER =
      SchemaBuilder.record("Order").fields().requiredLong("id").endRecord();
  private static final Schema VERSIONED =
      SchemaBuilder.record("Order").fields().requiredLong("id").requiredLong("version").endRecord();
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
      return trial.schema(VERSIONED).asTable("id").again();
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
   * published, or while what has vanished is. Some rows stay as they are, some have another version
   * each time.
   */
  private static void table(int kills, int seed) {
    killed(
        "table",
        "",
        kills,
        seed,
        trial -> replace(trial, 8),
        trial -> {
          trial.sql("INSERT INTO orders SELECT -i FROM generate_series(1, 100) i");
          replace(trial, 8);
          trial.run();
          replace(trial, 2);
        },
        trial -> {
          assertThat(trial.ids()).doesNotHaveDuplicates();
          assertThat(trial.contents()).as("the rows as they are").isEqualTo(versions(trial));
          trial.run(); // which may have been one of all rows
          Set<String> before = Set.copyOf(trial.ids());
          trial.sql("UPDATE orders SET version = -1 WHERE id = -1").run();
          assertThat(trial.ids())
              .filteredOn(id -> !before.contains(id))
              .as("what has changed")
              .singleElement(STRING)
              .endsWith(":-1");
        });
  }

  /** By as many transactions of rows, whose keys are larger than all before. */
  private static void replace(JdbcTrial trial, int transactions) {
    trial.sql(
        "INSERT INTO orders SELECT (SELECT GREATEST(MAX(id), -1) FROM orders) + i"
            + " FROM generate_series(1, %d) i".formatted(transactions * ROWS_A_TRANSACTION),
        "DELETE FROM orders WHERE id >= 0 AND id <= (SELECT MAX(id) FROM orders) - "
            + transactions * ROWS_A_TRANSACTION,
        "UPDATE orders SET version = version + 1 WHERE id < -50");
  }

  private static Map<String, String> versions(JdbcTrial trial) {
    Map<String, String> versions = new TreeMap<>();
    try (Connection connection = trial.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id, version FROM orders")) {
      while (rows.next()) {
        versions.put(rows.getString(1), rows.getString(2));
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return versions;
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
          "CREATE TABLE orders (id BIGINT PRIMARY KEY, changed TIMESTAMPTZ NOT NULL DEFAULT now(),"
              + " version BIGINT NOT NULL DEFAULT 0)");
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
