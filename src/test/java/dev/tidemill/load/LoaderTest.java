package dev.tidemill.load;

import static dev.tidemill.load.Given.DAY;
import static dev.tidemill.load.Given.NEXT_DAY;
import static dev.tidemill.load.Given.STATES;
import static dev.tidemill.load.Given.entry;
import static dev.tidemill.load.Given.ready;
import static dev.tidemill.load.Given.row;
import static dev.tidemill.load.Given.schema;
import static dev.tidemill.load.Given.share;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.Ack;
import dev.tidemill.batch.BatchState;
import dev.tidemill.definition.TargetDefinition;
import dev.tidemill.events.CollectedEvents;
import dev.tidemill.events.Events;
import dev.tidemill.events.Subscription;
import dev.tidemill.load.LoaderProgress.State;
import dev.tidemill.sql.Output;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From the results and the ledger into a table, with a broker and a PostgreSQL. */
@Timeout(90)
class LoaderTest {

  private final ResultsOfATopology topology = new ResultsOfATopology();
  private final String url = PostgresServer.newSchema();
  private final Events events = Events.unheard();
  private final List<Loader> loaders = new ArrayList<>();

  @AfterEach
  void stop() {
    loaders.forEach(Loader::close);
    topology.close();
  }

  private Loader loader() {
    return loader(Clock.systemUTC());
  }

  private Loader loader(Clock clock) {
    Loader loader =
        new Loader(
            topology.settings(), topology.topics(), target(), topology.codecs(), clock, events);
    loaders.add(loader);
    loader.start();
    return loader;
  }

  private Target target() {
    return Targets.open(
        "departures", new TargetDefinition.Postgres(url, "daily"), STATES, Clock.systemUTC());
  }

  private List<String> states() {
    try (Connection connection = DriverManager.getConnection(url)) {
      return Sql.query(
          connection,
          "SELECT state || ' ' || departures FROM daily ORDER BY state",
          r -> r.getString(1));
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(40).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it has not happened within 40 s");
      }
      LockSupport.parkNanos(5_000_000); // looks again after 5 ms
    }
  }

  private static void awaitPublished(Loader loader, int batches) {
    await(() -> loader.progress().publishedBatches() >= batches);
  }

  @Test
  void a_ready_batch_is_published_and_acknowledged() {
    topology.share(DAY, 0, 1, row("TX", 3L));
    topology.share(DAY, 1, 1, row("NY", 2L));
    topology.ledger(ready(DAY, 1, share(1, 1), share(1, 1)));

    awaitPublished(loader(), 1);

    assertThat(states()).containsExactly("NY 2", "TX 3");
    assertThat(topology.acks()).containsExactly(Ack.published("postgres:daily", DAY.start(), 1, 2));
  }

  @Test
  void large_rows_are_staged_by_their_bytes_so_that_the_heap_does_not_hold_ten_thousand() {
    int bytes = 500_000;
    Object[][] rows = new Object[60][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = row(i + "x".repeat(bytes), (long) i);
    }
    topology.share(DAY, 0, 1, rows);
    topology.share(DAY, 1, 1);
    topology.ledger(ready(DAY, 1, share(1, rows.length), share(1, 0)));
    CollectedEvents told = new CollectedEvents();
    events.subscribe("load.stage.stop", told);

    awaitPublished(loader(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)), 1); // no time passes

    int most = ((16 << 20) + (2 << 20)) / bytes; // and what one poll returns
    assertThat(told.all())
        .extracting(event -> event.measurements().get("rows"))
        .allMatch(staged -> staged <= most);
    assertThat(states()).hasSize(rows.length);
  }

  @Test
  void a_loaded_batch_that_the_target_has_lost_is_published_again() {
    topology.share(DAY, 0, 1, row("TX", 3L));
    topology.share(DAY, 1, 1);
    topology.ledger(entry(BatchState.LOADED, DAY, 1, share(1, 1), share(1, 0)));

    awaitPublished(loader(), 1);

    assertThat(states()).containsExactly("TX 3");
  }

  @Test
  void a_batch_that_becomes_ready_later_is_published_then() {
    Loader loader = loader();
    topology.share(DAY, 0, 1, row("TX", 3L));
    topology.share(DAY, 1, 1);
    await(() -> loader.progress().stagedRows() == 1);
    topology.ledger(entry(BatchState.CLOSING, DAY, 1, share(1, 1), share(1, 0)));
    topology.ledger(ready(DAY, 1, share(1, 1), share(1, 0)));

    awaitPublished(loader, 1);

    assertThat(states()).containsExactly("TX 3");
  }

  @Test
  void a_ready_batch_waits_for_its_rows() {
    topology.ledger(ready(DAY, 1, share(1, 1), share(1, 0)));
    Loader loader = loader();
    await(() -> loader.progress().state() == State.LOADING);
    topology.share(DAY, 0, 1, row("TX", 3L));
    topology.share(DAY, 1, 1);

    awaitPublished(loader, 1);

    assertThat(states()).containsExactly("TX 3");
  }

  @Test
  void a_batch_that_is_not_ready_is_not_published() {
    topology.share(DAY, 0, 1, row("TX", 3L));
    topology.share(DAY, 1, 1);
    topology.share(NEXT_DAY, 0, 1);
    topology.share(NEXT_DAY, 1, 1);
    topology.ledger(entry(BatchState.CLOSING, DAY, 1, share(1, 1), share(1, 0)));
    topology.ledger(ready(NEXT_DAY, 1, share(1, 0), share(1, 0)));

    awaitPublished(loader(), 1);

    assertThat(states()).isEmpty();
  }

  @Test
  void results_of_an_aborted_transaction_are_not_loaded() {
    topology.aborted(DAY, 0, 1, row("XX", 9L));
    topology.share(DAY, 0, 1, row("TX", 3L));
    topology.share(DAY, 1, 1);
    topology.ledger(ready(DAY, 1, share(1, 1), share(1, 0)));

    awaitPublished(loader(), 1);

    assertThat(states()).containsExactly("TX 3");
  }

  @Test
  void the_next_loader_goes_on_where_the_last_one_stopped() {
    topology.share(DAY, 0, 1, row("TX", 3L));
    Loader first = loader();
    await(() -> first.progress().stagedRows() == 1);
    first.close();
    topology.share(DAY, 1, 1, row("NY", 2L));
    topology.ledger(ready(DAY, 1, share(1, 1), share(1, 1)));

    Loader second = loader();
    awaitPublished(second, 1);

    assertThat(states()).containsExactly("NY 2", "TX 3");
    assertThat(second.progress().stagedRows()).isEqualTo(1);
  }

  @Test
  void a_batch_that_the_target_holds_is_acknowledged_again_after_a_restart() {
    topology.share(DAY, 0, 1, row("TX", 3L));
    topology.share(DAY, 1, 1);
    topology.ledger(ready(DAY, 1, share(1, 1), share(1, 0)));
    Loader first = loader();
    awaitPublished(first, 1);
    first.close();

    awaitPublished(loader(), 1);

    Ack ack = Ack.published("postgres:daily", DAY.start(), 1, 1);
    assertThat(topology.acks()).containsExactly(ack, ack);
  }

  @Test
  void of_two_loaders_one_loads_and_the_other_takes_over() {
    Loader first = loader();
    await(() -> first.progress().state() == State.LOADING);
    Loader second = loader();
    topology.share(DAY, 0, 1, row("TX", 3L));
    topology.share(DAY, 1, 1);
    topology.ledger(ready(DAY, 1, share(1, 1), share(1, 0)));
    awaitPublished(first, 1);
    assertThat(second.progress().state()).isEqualTo(State.STANDBY);

    first.close();
    topology.share(NEXT_DAY, 0, 1, row("UT", 1L));
    topology.share(NEXT_DAY, 1, 1);
    topology.ledger(entry(BatchState.LOADED, DAY, 1, share(1, 1), share(1, 0)));
    topology.ledger(ready(NEXT_DAY, 1, share(1, 1), share(1, 0)));
    awaitPublished(second, 2); // the first day is found there

    assertThat(states()).containsExactly("TX 3", "UT 1");
    assertThat(second.progress().stagedRows()).isEqualTo(1);
  }

  @Test
  void trouble_with_the_target_is_reported_and_tried_again() throws SQLException {
    topology.share(DAY, 0, 1, row("TX", 3L));
    topology.share(DAY, 1, 1);
    topology.ledger(ready(DAY, 1, share(1, 1), share(1, 0)));
    run("CREATE TABLE daily (wrong INTEGER)");
    CollectedEvents told = new CollectedEvents();
    Subscription subscription = events.subscribe("load", told);
    Loader loader = loader();
    await(() -> loader.progress().state() == State.RETRYING);
    assertThat(loader.progress().lastError().orElseThrow()).contains("column wrong");

    assertThat(told.await("load.retrying").error().orElseThrow()).hasMessageContaining("wrong");

    run("DROP TABLE daily");
    awaitPublished(loader, 1);

    assertThat(states()).containsExactly("TX 3");
    subscription.close();
    assertThat(told.names())
        .containsSubsequence(
            "load.retrying",
            "load.elected",
            "load.stage.start",
            "load.stage.stop",
            "load.publish.start",
            "load.publish.stop");
    assertThat(told.under("load.publish.stop"))
        .last()
        .satisfies(
            event -> {
              assertThat(event.metadata())
                  .containsEntry("target", "postgres:daily")
                  .containsEntry("outcome", "published")
                  .containsEntry("attempt", "1");
              assertThat(event.measurements()).isEqualTo(Map.of("rows", 1L));
            });
  }

  private void run(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      Sql.run(connection, sql);
    }
  }

  @Test
  void a_lost_connection_loses_and_doubles_nothing() throws SQLException {
    topology.share(DAY, 0, 1, row("TX", 3L));
    Loader loader = loader();
    await(() -> loader.progress().stagedRows() == 1);
    run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE application_name = 'tidemill departures'");
    topology.share(DAY, 1, 1, row("NY", 2L));
    topology.ledger(ready(DAY, 1, share(1, 1), share(1, 1)));

    awaitPublished(loader, 1);

    assertThat(states()).containsExactly("NY 2", "TX 3");
  }

  @Test
  void results_that_were_deleted_before_they_were_loaded_are_a_loud_error() {
    topology.share(DAY, 0, 1, row("TX", 3L));
    Loader first = loader();
    await(() -> first.progress().stagedRows() == 1);
    first.close();
    topology.share(DAY, 0, 2, row("TX", 4L));
    topology.deleteResults(0);

    Loader second = loader();
    await(() -> second.progress().lastError().isPresent());

    assertThat(second.progress().lastError().get()).contains("deleted before they were loaded");
  }

  @Test
  void a_record_of_somebody_else_is_passed_over() {
    topology.foreign(0);
    topology.share(DAY, 0, 1, row("TX", 3L));
    topology.share(DAY, 1, 1);
    topology.ledger(ready(DAY, 1, share(1, 1), share(1, 0)));

    awaitPublished(loader(), 1);

    assertThat(states()).containsExactly("TX 3");
  }

  @Test
  void a_row_that_can_not_be_read_stops_its_batch_and_not_the_next() {
    topology.torn(DAY, 0, 1);
    topology.share(DAY, 1, 1);
    topology.share(NEXT_DAY, 0, 1, row("UT", 1L));
    topology.share(NEXT_DAY, 1, 1);
    topology.ledger(ready(DAY, 1, share(1, 1), share(1, 0)));
    topology.ledger(ready(NEXT_DAY, 1, share(1, 1), share(1, 0)));
    Loader loader = loader();

    awaitPublished(loader, 1);

    assertThat(states()).containsExactly("UT 1");
    assertThat(loader.progress().lastError().orElseThrow()).contains(DAY.id(), "results-0@0");
  }

  private static final Schema SEVERAL =
      schema(
          "{'name': 'query', 'type': 'string'},"
              + "{'name': 'state', 'type': ['null', 'string']},"
              + "{'name': 'departures', 'type': ['null', 'long']},"
              + "{'name': 'total', 'type': ['null', 'long']}");
  private static final Schema TOTAL = schema("{'name': 'total', 'type': 'long'}");
  private static final Output BY_STATE = new Output("by_state", STATES, 1, List.of());
  private static final Output TOTALS = new Output("totals", TOTAL, 3, List.of());

  private Loader loader(ResultsOfATopology several, Output output, String table) {
    Target target =
        Targets.open(
            "departures",
            new TargetDefinition.Postgres(output.name(), url, table),
            output.schema(),
            Clock.systemUTC());
    Loader loader =
        new Loader(
            several.settings(),
            several.topics(),
            target,
            several.codecs(output),
            Clock.systemUTC(),
            events);
    loaders.add(loader);
    loader.start();
    return loader;
  }

  private List<Long> totals() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      return Sql.query(connection, "SELECT total FROM totals", r -> r.getLong(1));
    }
  }

  @Test
  void of_several_statements_each_target_takes_the_rows_of_its_own_also_when_one_is_left_behind()
      throws SQLException {
    try (ResultsOfATopology several = new ResultsOfATopology(SEVERAL)) {
      Map<String, Long> first = Map.of("by_state", 2L, "totals", 1L);
      Map<String, Long> second = Map.of("by_state", 1L);
      several.share(
          Given.end(DAY, 0, 1, first),
          row("by_state", "TX", 3L, null),
          row("totals", null, null, 6L),
          row("by_state", "NY", 2L, null));
      several.share(Given.end(DAY, 1, 1, second), row("by_state", "UT", 1L, null));
      several.ledger(ready(DAY, 1, share(1, first), share(1, second)));
      Loader before = loader(several, BY_STATE, "daily");
      awaitPublished(before, 1);
      before.close(); // the process dies before the other target has anything

      Loader states = loader(several, BY_STATE, "daily");
      Loader totals = loader(several, TOTALS, "totals");
      awaitPublished(states, 1);
      awaitPublished(totals, 1);

      assertThat(states()).containsExactly("NY 2", "TX 3", "UT 1");
      assertThat(totals()).containsExactly(6L);
      assertThat(states.progress().stagedRows()).as("it was there").isZero();
      Ack ofStates = Ack.published("by_state.postgres:daily", DAY.start(), 1, 3);
      Ack ofTotals = Ack.published("totals.postgres:totals", DAY.start(), 1, 1);
      assertThat(several.acks()).containsExactlyInAnyOrder(ofStates, ofStates, ofTotals);
    }
  }
}
