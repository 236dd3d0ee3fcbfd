package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.cli.SharedCluster;
import dev.tidemill.definition.Database;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.events.CollectedEvents;
import dev.tidemill.load.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rows of PostgreSQL, each published once, whatever happens. */
@Timeout(90)
final class JdbcFeedTest {
  private static final Schema ORDER =
      SchemaBuilder.record("Order").fields().requiredLong("id").optionalString("item").endRecord();
  private static final String TABLE =
      "CREATE TABLE orders (id BIGINT PRIMARY KEY, item TEXT, changed TIMESTAMPTZ)";

  private JdbcTrial trial;

  @BeforeEach
  void a_table(TestInfo test) {
    trial =
        new JdbcTrial(
            SharedCluster.brokers(),
            test.getTestMethod().orElseThrow().getName(),
            PostgresServer.newSchema(),
            ORDER);
    trial.sql(TABLE);
  }

  private void insert(int from, int to) {
    trial.sql(
        "INSERT INTO orders SELECT i, 'item ' || i, TIMESTAMPTZ '2024-01-01 00:00Z' + i * INTERVAL '1 s'"
            + " FROM generate_series(%d, %d) i".formatted(from, to - 1));
  }

  private static List<Object> numbers(int from, int to) {
    return LongStream.range(from, to).<Object>mapToObj(i -> i).toList();
  }

  @Test
  void a_snapshot_has_every_row_once_and_comes_to_an_end() {
    insert(0, 20);
    trial.run();
    assertThat(trial.firsts()).isEqualTo(numbers(0, 20));
    trial.run();
    assertThat(trial.firsts()).as("nothing is read again").isEqualTo(numbers(0, 20));
  }

  @Test
  void after_a_failure_at_any_row_exactly_the_rest_comes() {
    insert(0, 12);
    trial
        .sql(
            "CREATE TABLE fails (at BIGINT)",
            "INSERT INTO fails VALUES (0)",
            "CREATE VIEW shaky AS SELECT id, changed, CASE WHEN id <> (SELECT at FROM fails)"
                + " THEN item ELSE (1 / (id - id))::TEXT END AS item FROM orders")
        .table("shaky")
        .primaryKey("id");
    for (int row = 0; row < 12; row++) {
      trial.sql("UPDATE fails SET at = " + row);
      assertThatThrownBy(trial::run).hasMessageContaining("division by zero");
      int published = trial.firsts().size();
      assertThat(published).as("whole transactions").isLessThanOrEqualTo(row);
      assertThat(published % 3).isZero();
      assertThat(trial.firsts()).isEqualTo(numbers(0, published));
    }
    assertThat(trial.firsts()).as("rows come in parts, not all at once").isNotEmpty();
    trial.sql("UPDATE fails SET at = -1").run();
    assertThat(trial.firsts()).isEqualTo(numbers(0, 12));
  }

  @Test
  void an_identity_is_of_table_key_and_cursor() {
    trial
        .sql("INSERT INTO orders VALUES (7, 'a', '2024-03-01 12:00:00.5Z')")
        .cursor("changed")
        .run();
    assertThat(trial.ids()).containsExactly("orders:7:2024-03-01T12:00:00.500Z");
  }

  @Test
  void rows_that_are_new_or_changed_are_read_by_a_cursor() {
    insert(0, 5);
    trial.cursor("changed").run();
    insert(5, 8);
    trial.sql("UPDATE orders SET item = 'other', changed = '2024-01-01 00:01Z' WHERE id = 2").run();
    assertThat(trial.firsts()).containsExactly(0L, 1L, 2L, 2L, 3L, 4L, 5L, 6L, 7L);
  }

  @Test
  void many_rows_of_one_time_are_each_read_once() {
    trial
        .cursor("changed")
        .sql("INSERT INTO orders SELECT i, 'x', '2024-01-01Z' FROM generate_series(10, 19) i")
        .run()
        .sql("INSERT INTO orders SELECT i, 'x', '2024-01-01Z' FROM generate_series(0, 9) i")
        .run();
    assertThat(trial.firsts()).isEqualTo(numbers(0, 20));
  }

  @Test
  void what_commits_behind_the_last_row_is_read_and_nothing_is_twice() throws Exception {
    trial.cursor("changed").overlap(Duration.ofMinutes(1));
    try (Connection slow = trial.connect();
        Statement statement = slow.createStatement()) {
      slow.setAutoCommit(false);
      statement.execute("INSERT INTO orders VALUES (0, 'slow', '2024-01-01 00:00:05Z')");
      insert(1, 11);
      trial.run();
      assertThat(trial.firsts()).isEqualTo(numbers(1, 11));
      slow.commit();
    }
    trial.run();
    assertThat(trial.firsts()).isEqualTo(numbers(0, 11));
    trial.run();
    assertThat(trial.firsts()).isEqualTo(numbers(0, 11));
  }

  @Test
  void what_commits_further_behind_than_the_overlap_is_missed_as_the_manual_says() {
    trial.cursor("id").overlap(3);
    insert(10, 20);
    trial.run();
    trial
        .sql("INSERT INTO orders VALUES (5, 'far behind'), (20, 'next')")
        .sql("DELETE FROM orders WHERE id = 18")
        .run()
        .sql("INSERT INTO orders VALUES (18, 'in the overlap: the same row again')")
        .run();
    assertThat(trial.firsts()).isEqualTo(numbers(10, 21));
  }

  @Test
  void what_the_overlap_has_passed_is_forgotten() {
    trial.cursor("id").overlap(5);
    for (int rows = 0; rows < 40; rows += 10) {
      insert(rows, rows + 10);
      trial.run();
    }
    assertThat(trial.firsts()).isEqualTo(numbers(0, 40));
    assertThat(trial.positions()).hasSizeLessThanOrEqualTo(4).contains("at");
  }

  @Test
  void with_no_overlap_nothing_is_remembered() {
    trial.cursor("id").overlap(0);
    insert(0, 10);
    trial.run();
    insert(10, 20);
    trial.run();
    assertThat(trial.firsts()).isEqualTo(numbers(0, 20));
    assertThat(trial.positions()).containsExactly("at");
  }

  @Test
  void a_statement_that_takes_too_long_is_given_up() {
    insert(0, 2);
    trial
        .query("SELECT id, item || pg_sleep(30) AS item FROM orders", "id")
        .timeout(Duration.ofSeconds(1));
    assertThatThrownBy(trial::run)
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("it took longer than jdbc.timeout");
  }

  /** It may look for them for longer than a transaction lasts. */
  @Test
  void no_transaction_is_open_while_a_slow_database_is_asked_for_more_rows() {
    CollectedEvents told = new CollectedEvents();
    trial.events().subscribe("extract.transaction", told);
    insert(0, 2_500);
    trial
        .query(
            "SELECT id, item || CASE WHEN id = 1500 THEN pg_sleep(1.1)::TEXT ELSE '' END AS item"
                + " FROM orders",
            "id")
        .fetchSize(1_000)
        .rowsATransaction(1_000_000)
        .run();
    told.await("the last one", event -> Long.valueOf(500).equals(event.measurements().get("rows")));
    assertThat(told.under("extract.transaction.stop"))
        .extracting(event -> event.measurements().get("rows"))
        .endsWith(500L); // and not one of 2,500
    assertThat(trial.firsts()).isEqualTo(numbers(0, 2_500));
  }

  @Test
  void a_driver_can_be_in_a_jar(@TempDir Path folder) throws IOException {
    JdbcTrial odd =
        new JdbcTrial(
            SharedCluster.brokers(), "jdbc-odd", "jdbc:odd:" + PostgresServer.newSchema(), ORDER);
    assertRefused(odd, "there is no driver for 'odd'; name its jar as 'driver'");
    assertRefused(odd.driver(oddJar(folder)), "relation \"orders\" does not exist");
  }

  private static Path oddJar(Path folder) throws IOException {
    Path jar = folder.resolve("driver.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("META-INF/services/java.sql.Driver"));
      out.write(OddDriver.class.getName().getBytes(UTF_8));
    }
    return jar;
  }

  /** The DriverManager keeps whatever drivers register with it, and their classes. */
  @Test
  void a_jar_is_opened_once_for_all_connections(@TempDir Path folder) throws Exception {
    JdbcConnections connections =
        new JdbcConnections(
            "orders",
            new Database(
                "jdbc:odd:" + PostgresServer.newSchema(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(oddJar(folder)),
                1,
                Duration.ofMinutes(1)));
    int before = OddDriver.MADE.get();
    connections.open().close();
    connections.open().close();
    assertThat(OddDriver.MADE.get() - before).isEqualTo(1);
  }

  /** PostgreSQL's under another name. */
  public static final class OddDriver implements java.sql.Driver {
    private static final AtomicInteger MADE = new AtomicInteger();

    private final org.postgresql.Driver real = new org.postgresql.Driver();

    public OddDriver() {
      MADE.incrementAndGet();
    }

    @Override
    public Connection connect(String url, Properties info) throws SQLException {
      return acceptsURL(url) ? real.connect(url.substring("jdbc:odd:".length()), info) : null;
    }

    @Override
    public boolean acceptsURL(String url) {
      return url.startsWith("jdbc:odd:");
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
      return new DriverPropertyInfo[0];
    }

    @Override
    public int getMajorVersion() {
      return 1;
    }

    @Override
    public int getMinorVersion() {
      return 0;
    }

    @Override
    public boolean jdbcCompliant() {
      return true;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
      throw new SQLFeatureNotSupportedException();
    }
  }

  @Test
  void a_row_of_the_future_waits_and_holds_up_nobody() {
    trial.cursor("changed").sql("INSERT INTO orders VALUES (99, 'x', '2999-01-01Z')");
    insert(0, 3);
    trial.run();
    insert(3, 5);
    trial.run();
    assertThat(trial.firsts()).isEqualTo(numbers(0, 5));
  }

  @Test
  void a_query_is_read_as_a_table_is() {
    insert(0, 9);
    trial.query("SELECT id, upper(item) AS item FROM orders WHERE id % 2 = 0 -- even;", "id").run();
    assertThat(trial.firsts()).containsExactly(0L, 2L, 4L, 6L, 8L);
    assertThat(trial.ids()).contains("orders:4");
  }

  @Test
  void keys_of_several_columns_go_on_in_the_order_of_all() {
    trial
        .sql(
            "CREATE TABLE lines (id BIGINT, item TEXT, PRIMARY KEY (item, id))",
            "INSERT INTO lines SELECT i, 'a,' || i % 3 FROM generate_series(0, 19) i")
        .table("lines")
        .cursor("item", "id")
        .overlap(0)
        .run()
        .sql("INSERT INTO lines SELECT i, 'a,2' FROM generate_series(20, 24) i")
        .run();
    assertThat(trial.firsts()).isEqualTo(numbers(0, 25));
    assertThat(trial.ids()).contains("lines:a\\,1,4");
  }

  @Test
  void a_connection_that_is_killed_is_opened_again() {
    trial.cursor("id").poll(Duration.ofMillis(10)).overlap(5);
    insert(0, 2000);
    try (Extractor extractor = trial.extractor()) {
      extractor.start();
      for (int rows : new int[] {300, 900}) {
        JdbcTrial.awaitRows(extractor, rows);
        trial.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE query LIKE '%FROM orders%' AND pid <> pg_backend_pid()");
      }
      JdbcTrial.awaitRows(extractor, 2000);
    }
    assertThat(trial.firsts()).isEqualTo(numbers(0, 2000));
  }

  @Test
  void what_can_not_be_read_is_said_at_the_start_in_the_databases_words() {
    assertRefused(trial.table("nothing"), "relation \"nothing\" does not exist");
    assertRefused(trial.query("SELECT FROM WHERE", "id"), "syntax error");
    assertRefused(trial.query("SELECT 1 AS other", "other"), "field 'id' is missing");
  }

  @Test
  void an_order_that_is_none_is_refused() {
    trial.sql("CREATE TABLE plain (id BIGINT, item TEXT)");
    assertRefused(trial.table("plain"), "plain has no primary key");
    assertRefused(trial.primaryKey("name"), "'primary-key' names a column 'name'");
    assertRefused(trial.primaryKey("id").cursor("item").overlap(5), "overlap: 0");
    assertRefused(trial.cursor("id").overlap(Duration.ofMinutes(5)), "'overlap' as one");
    trial.sql("INSERT INTO plain VALUES (1, 'a'), (1, 'b')").overlap(0);
    assertThatThrownBy(trial::run)
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("two rows have [id] = [1]");
    trial.sql("INSERT INTO plain VALUES (NULL, 'c')");
    assertRefused(trial, "1 rows have a NULL in [id]");
  }

  @Test
  void rows_that_get_a_null_in_the_cursor_later_are_told_of_whenever_that_changes() {
    CollectedEvents told = new CollectedEvents();
    trial.events().subscribe("extract.without_place", told);
    insert(0, 3);
    trial.cursor("changed").poll(Duration.ofMillis(10));
    try (Extractor extractor = trial.extractor()) {
      extractor.start();
      JdbcTrial.awaitRows(extractor, 3);
      trial.sql("INSERT INTO orders VALUES (3, 'x', NULL), (4, 'x', NULL)");
      awaitUnread(told, 2);
      trial.sql("UPDATE orders SET changed = '2024-01-01 00:00:10Z' WHERE id = 3");
      awaitUnread(told, 1);
      trial.sql("UPDATE orders SET changed = '2024-01-01 00:00:10Z' WHERE id = 4");
      awaitUnread(told, 0);
      JdbcTrial.awaitRows(extractor, 5);
    }
    assertThat(told.under("extract")).as("once per change").hasSize(3);
    assertThat(trial.firsts()).isEqualTo(numbers(0, 5));
  }

  private static void awaitUnread(CollectedEvents told, long rows) {
    told.await(
        rows + " rows are not read",
        event ->
            event.metadata().get("source").equals("orders")
                && event.measurements().get("rows") == rows);
  }

  @Test
  void whoever_takes_over_goes_on_without_having_checked_anything() throws Exception {
    insert(0, 3);
    trial.cursor("id").run();
    insert(3, 5);
    try (Extractor extractor = trial.extractor()) {
      extractor.takeOver();
      assertThat(extractor.await(Duration.ofSeconds(30))).isTrue();
    }
    assertThat(trial.firsts()).isEqualTo(numbers(0, 5));
  }

  @Test
  void another_order_than_before_is_refused() {
    insert(0, 3);
    trial.cursor("id").run();
    assertThatThrownBy(() -> trial.cursor("changed").run())
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("[id]")
        .hasMessageContaining("[changed, id]");
  }

  private static void assertRefused(JdbcTrial trial, String message) {
    try (Extractor extractor = trial.extractor()) {
      assertThatThrownBy(extractor::check)
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining(message);
    }
  }
}
