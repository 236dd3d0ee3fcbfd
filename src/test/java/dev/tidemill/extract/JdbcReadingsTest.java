package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.batch.FiringPolicy;
import dev.tidemill.batch.FixedSchedule;
import dev.tidemill.batch.TestClock;
import dev.tidemill.cli.Await;
import dev.tidemill.definition.ScheduleDefinition;
import dev.tidemill.embedded.EmbeddedBroker;
import dev.tidemill.load.PostgresServer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** A table of PostgreSQL that is read again and again. */
@Timeout(90)
final class JdbcReadingsTest {
  private static final Schema ORDER =
      SchemaBuilder.record("Order").fields().requiredLong("id").optionalString("item").endRecord();
  private static final Instant START = Instant.parse("2026-03-01T00:00:00.500Z");

  private static EmbeddedBroker broker;

  private JdbcTrial trial;
  private final TestClock clock = new TestClock(START);

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.temporary();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void a_table_of_three_rows(TestInfo test) {
    trial =
        new JdbcTrial(
                broker.bootstrapServers(),
                test.getTestMethod().orElseThrow().getName(),
                PostgresServer.newSchema(),
                ORDER)
            .sql(
                "CREATE TABLE orders (id BIGINT PRIMARY KEY, item TEXT)",
                "INSERT INTO orders VALUES (1, 'a'), (2, 'b'), (3, 'c')");
  }

  private static ScheduleDefinition everySecond() {
    return new ScheduleDefinition(
        "1s",
        Optional.of(FixedSchedule.every(Duration.ofSeconds(1))),
        ZoneOffset.UTC,
        FiringPolicy.DEFAULT);
  }

  private List<String> items() {
    return trial.rows().stream().map(row -> row[0] + " " + row[1]).sorted().toList();
  }

  private void fire(long runs) {
    clock.move(Duration.ofSeconds(1));
    Await.until(runs + " runs", Duration.ofSeconds(30), () -> trial.runsDone() == runs);
  }

  @Test
  void who_takes_over_where_another_one_has_checked_reads_them() throws Exception {
    try (Extractor first = trial.extractor();
        Extractor second = trial.extractor()) {
      first.check();
      second.takeOver();
      assertThat(second.await(Duration.ofSeconds(30))).isTrue();
    }
    assertThat(items()).containsExactly("1 a", "2 b", "3 c");
  }

  @Test
  void each_firing_of_a_schedule_reads_all_rows_as_they_are_then() {
    trial.schedule(everySecond()).timing(Timing.startingNow(clock));
    try (Extractor extractor = trial.extractor()) {
      extractor.start();
      fire(1);
      trial.sql("UPDATE orders SET item = 'B' WHERE id = 2", "DELETE FROM orders WHERE id = 1");
      fire(2);
      trial.sql("INSERT INTO orders VALUES (0, 'z')");
      fire(3);
      assertThat(extractor.failure()).isEmpty();
    }
    assertThat(trial.sortedIds())
        .containsExactly(
            "orders:1",
            "orders:2",
            "orders:3",
            "orders@2:2",
            "orders@2:3",
            "orders@3:0",
            "orders@3:2",
            "orders@3:3");
    assertThat(items()).containsExactly("0 z", "1 a", "2 B", "2 B", "2 b", "3 c", "3 c", "3 c");
  }

  @Test
  void each_firing_of_a_schedule_reads_what_is_new_behind_a_cursor_whoever_runs_it() {
    trial.cursor("id").schedule(everySecond());
    try (Extractor extractor = trial.timing(Timing.startingNow(clock)).extractor()) {
      extractor.start();
      fire(1);
      trial.sql("INSERT INTO orders VALUES (4, 'd')", "UPDATE orders SET item = 'A' WHERE id = 1");
      fire(2);
      assertThat(extractor.failure()).isEmpty();
    }
    trial.sql("INSERT INTO orders VALUES (5, 'e')");
    try (Extractor extractor = trial.timing(Timing.startingNow(clock)).extractor()) {
      extractor.start();
      fire(3);
      fire(4);
      assertThat(extractor.failure()).isEmpty();
    }
    assertThat(items()).containsExactly("1 a", "2 b", "3 c", "4 d", "5 e");
  }

  @Test
  void the_retention_that_somebody_has_given_to_the_topic_stays() throws Exception {
    trial.again().run();
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, trial.topic());
    AlterConfigOp month =
        new AlterConfigOp(new ConfigEntry("retention.ms", "2592000000"), AlterConfigOp.OpType.SET);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.incrementalAlterConfigs(Map.of(topic, List.of(month))).all().get();
      trial.run();
      assertThat(admin.describeConfigs(List.of(topic)).all().get().get(topic).get("retention.ms"))
          .extracting(ConfigEntry::value)
          .isEqualTo("2592000000");
    }
    assertThat(trial.ids()).hasSize(6);
  }

  @Test
  void each_look_of_a_poll_reads_all_rows() {
    trial.poll(Duration.ofMillis(10));
    try (Extractor extractor = trial.extractor()) {
      extractor.start();
      JdbcTrial.awaitRows(extractor, 9);
    }
    assertThat(trial.ids())
        .contains("orders:1", "orders@2:1", "orders@3:3")
        .doesNotHaveDuplicates();
  }

  @Test
  void each_run_to_the_end_reads_all_rows_of_a_query() {
    trial.query("SELECT id, upper(item) AS item FROM orders", "id").again().run().run();
    trial.sql("DELETE FROM orders WHERE id < 3").run();
    assertThat(items()).containsExactly("1 A", "1 A", "2 B", "2 B", "3 C", "3 C", "3 C");
  }

  @Test
  void whoever_goes_on_with_a_run_does_not_read_again_what_it_has_read() {
    trial.again().run();
    trial.timing(Timing.startingNow(Clock.systemUTC())).run().run();
    assertThat(trial.sortedIds()).hasSize(6).contains("orders@2:3");
  }

  /** Nine rows, of which one can not be read if {@code fails} names it. */
  private JdbcTrial readShaky() {
    return trial
        .sql(
            "CREATE TABLE fails (at BIGINT)",
            "INSERT INTO fails VALUES (-1)",
            "INSERT INTO orders SELECT i, 'x' FROM generate_series(4, 9) i",
            "CREATE VIEW shaky AS SELECT id, CASE WHEN id <> (SELECT at FROM fails)"
                + " THEN item ELSE (1 / (id - id))::TEXT END AS item FROM orders")
        .table("shaky")
        .primaryKey("id");
  }

  @Test
  void a_reading_that_fails_goes_on_behind_its_last_row_with_the_rows_as_they_are_then() {
    readShaky().again().run().sql("UPDATE fails SET at = 8");
    assertThatThrownBy(trial::run).hasMessageContaining("division by zero");
    int published = trial.ids().size() - 9;
    assertThat(published).as("whole transactions").isPositive();
    trial.sql("UPDATE fails SET at = -1", "UPDATE orders SET item = 'y'").run();
    assertThat(trial.ids()).doesNotHaveDuplicates().hasSize(18);
    assertThat(items().stream().filter(item -> item.endsWith("y"))).hasSize(9 - published);
    trial.run();
    assertThat(trial.ids()).doesNotHaveDuplicates().hasSize(27).contains("shaky@3:1");
  }

  @Test
  void an_empty_table_is_read_as_well() {
    trial.again().sql("DELETE FROM orders").run().run();
    trial.sql("INSERT INTO orders VALUES (5, 'e')").run();
    assertThat(trial.ids()).containsExactly("orders@3:5");
  }

  @Test
  void of_a_table_only_rows_that_are_new_or_changed_are_published_again() {
    trial.asTable("id").again().run();
    trial
        .sql("UPDATE orders SET item = 'B' WHERE id = 2", "INSERT INTO orders VALUES (4, NULL)")
        .run()
        .run();
    assertThat(trial.sortedIds())
        .containsExactly("orders:1", "orders:2", "orders:3", "orders@2:2", "orders@2:4");
    assertThat(trial.contents()).isEqualTo(Map.of("1", "a", "2", "B", "3", "c", "4", "null"));
    assertThat(trial.ends()).as("whatever was aborted behind the last one").isEqualTo(3);
    trial.sql("UPDATE orders SET item = 'b' WHERE id = 2").run();
    assertThat(trial.ids()).as("as it was, but not as it is there").contains("orders@4:2");
  }

  @Test
  void by_another_schema_all_rows_of_a_table_are_published_again() {
    trial.asTable("id").again().run();
    Schema wider =
        SchemaBuilder.record("Order")
            .fields()
            .requiredLong("id")
            .optionalString("item")
            .optionalString("note")
            .endRecord();
    trial.sql("ALTER TABLE orders ADD COLUMN note TEXT").schema(wider).run().run();
    assertThat(trial.sortedIds())
        .contains("orders@2:1", "orders@2:2", "orders@2:3")
        .doesNotContain("orders@3:1");
  }

  @Test
  void rows_of_a_table_that_are_not_there_any_more_are_deleted() {
    trial.asTable("id").again().run();
    trial.sql("DELETE FROM orders WHERE id < 3", "INSERT INTO orders VALUES (4, 'd')").run();
    assertThat(trial.contents()).isEqualTo(Map.of("3", "c", "4", "d"));
    assertThat(trial.ids()).contains("orders@2:gone:1", "orders@2:gone:2").hasSize(6);
    trial.run();
    assertThat(trial.ids()).as("once").hasSize(6);
    trial.sql("INSERT INTO orders VALUES (1, 'a')").run();
    assertThat(trial.contents()).isEqualTo(Map.of("1", "a", "3", "c", "4", "d"));
    trial.sql("DELETE FROM orders").run();
    assertThat(trial.contents()).isEmpty();
    assertThat(trial.ends()).as("streams that begin now find an end").isPositive();
  }

  @Test
  void when_changes_are_more_than_the_rows_all_are_published_and_what_was_before_is_deleted() {
    trial
        .asTable("id")
        .again()
        .fetchSize(1000)
        .rowsATransaction(1000)
        .sql("INSERT INTO orders SELECT i, '0' FROM generate_series(4, 600) i");
    for (int reading = 1; reading <= 4; reading++) {
      trial.run().sql("UPDATE orders SET item = '%d' WHERE id > 1".formatted(reading));
    }
    assertThat(trial.ids()).as("more than the rows and a thousand").hasSize(600 + 3 * 599);
    trial.run();
    assertThat(trial.ids()).contains("orders:1", "orders@5:1").hasSize(600 + 3 * 599 + 600);
    trial.sql("DELETE FROM orders WHERE id = 2").run();
    assertThat(trial.ids()).contains("orders@6:gone:2").hasSize(601);
    assertThat(trial.contents()).hasSize(599).containsEntry("1", "a").containsEntry("600", "4");
  }

  @Test
  void a_reading_of_a_table_that_fails_is_followed_by_one_that_misses_nothing() {
    readShaky().asTable("id").schedule(everySecond()).timing(Timing.startingNow(clock));
    try (Extractor extractor = trial.extractor()) {
      extractor.start();
      JdbcTrial.awaitRows(extractor, 9);
      trial.sql(
          "UPDATE orders SET item = 'y' WHERE id < 7",
          "DELETE FROM orders WHERE id = 7",
          "UPDATE fails SET at = 8");
      clock.move(Duration.ofSeconds(1));
      Await.until(
          "a failure", Duration.ofSeconds(30), () -> trial.runs(ScheduledRun.Outcome.FAILED) == 1);
      trial.sql("UPDATE fails SET at = -1", "DELETE FROM orders WHERE id = 1");
      clock.move(Duration.ofSeconds(60));
      Await.until("a run that is done", Duration.ofSeconds(30), () -> trial.runsDone() > 0);
      assertThat(extractor.failure()).isEmpty();
    }
    assertThat(trial.contents())
        .isEqualTo(Map.of("2", "y", "3", "y", "4", "y", "5", "y", "6", "y", "8", "x", "9", "x"));
    assertThat(trial.ids()).doesNotHaveDuplicates().contains("shaky@3:gone:1", "shaky@3:gone:7");
  }

  @Test
  void while_a_row_can_not_be_read_none_is_taken_for_deleted() {
    trial
        .sql(
            "CREATE VIEW odd AS SELECT CASE WHEN item = 'bad' THEN NULL ELSE id END AS id, id AS pk,"
                + " item FROM orders")
        .table("odd")
        .primaryKey("pk")
        .asTable("id")
        .again()
        .run()
        .sql("DELETE FROM orders WHERE id = 1", "UPDATE orders SET item = 'bad' WHERE id = 2")
        .run();
    assertThat(trial.contents()).isEqualTo(Map.of("1", "a", "2", "b", "3", "c"));
    trial.sql("UPDATE orders SET item = 'good' WHERE id = 2").run();
    assertThat(trial.contents()).isEqualTo(Map.of("2", "good", "3", "c"));
  }

  @Test
  void a_table_with_a_schedule_is_read_at_the_start_and_has_an_end_after_each_reading() {
    trial.asTable("id").schedule(everySecond()).timing(Timing.startingNow(clock));
    try (Extractor extractor = trial.extractor()) {
      extractor.start();
      JdbcTrial.awaitRows(extractor, 3);
      Await.until("its end", Duration.ofSeconds(30), () -> trial.ends() == 1);
      trial.sql("DELETE FROM orders WHERE id = 1");
      fire(1);
      assertThat(extractor.failure()).isEmpty();
    }
    assertThat(trial.contents()).isEqualTo(Map.of("2", "b", "3", "c"));
    assertThat(trial.ends()).isEqualTo(2);
  }

  @Test
  void by_a_cursor_what_was_read_whole_before_goes_on() {
    trial.run().cursor("id").sql("INSERT INTO orders VALUES (4, 'd')").run();
    assertThat(trial.sortedIds()).containsExactly("orders:1", "orders:2", "orders:3", "orders:4");
  }
}
