package dev.tidemill.load;

import static dev.tidemill.load.Given.DAY;
import static dev.tidemill.load.Given.NEXT_DAY;
import static dev.tidemill.load.Given.STATES;
import static dev.tidemill.load.Given.entry;
import static dev.tidemill.load.Given.ready;
import static dev.tidemill.load.Given.row;
import static dev.tidemill.load.Given.share;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tidemill.batch.Ack;
import dev.tidemill.batch.Batch;
import dev.tidemill.batch.BatchState;
import dev.tidemill.definition.TargetDefinition;
import dev.tidemill.events.Events;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Rule 12: results are deleted behind the minimum of all targets plus {@code keep}. */
@Timeout(120)
class Rule12ResultsTest {
  private static final String POSTGRES = "postgres:daily";
  private static final String DUCKDB = "duckdb:daily";
  private static final Duration KEEP = Duration.ofDays(7);
  private static final Clock NOW = Clock.systemUTC();
  private static final Clock KEEP_IS_OVER = Clock.offset(NOW, KEEP.plusDays(1));

  @TempDir private Path folder;
  private final ResultsOfATopology topology = new ResultsOfATopology();
  private final String url = PostgresServer.newSchema();
  private final List<AutoCloseable> running = new ArrayList<>();
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();

  private interface Condition {
    boolean holds() throws Exception;
  }

  @BeforeEach
  void listen() {
    said.start();
    ((Logger) LoggerFactory.getLogger(LoaderBooks.class)).addAppender(said);
  }

  @AfterEach
  void stop() throws Exception {
    ((Logger) LoggerFactory.getLogger(LoaderBooks.class)).detachAppender(said);
    for (AutoCloseable each : running) {
      each.close();
    }
    topology.close();
  }

  private Loader postgres(String database) {
    return loader(new TargetDefinition.Postgres(database, "daily"));
  }

  private Loader duckDb() {
    return loader(new TargetDefinition.DuckDb(folder.resolve("w.duckdb"), "daily"));
  }

  private Loader loader(TargetDefinition definition) {
    Target target = Targets.open("departures", definition, STATES, NOW);
    Loader loader =
        new Loader(
            topology.settings(),
            topology.topics(),
            target,
            topology.codecs(),
            NOW,
            Events.unheard());
    running.add(loader);
    loader.start();
    return loader;
  }

  private Cleanup cleanup(Clock clock, String... targets) {
    Cleanup cleanup =
        new Cleanup(
            topology.settings(),
            topology.topics(),
            List.of(targets),
            KEEP,
            clock,
            Duration.ofMillis(50));
    running.add(cleanup);
    return cleanup;
  }

  private static List<String> states(String database) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database)) {
      return Sql.query(
          connection,
          "SELECT state || ' ' || departures FROM daily ORDER BY state",
          r -> r.getString(1));
    }
  }

  private static void await(Condition condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(40).toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it has not happened within 40 s");
      }
      LockSupport.parkNanos(20_000_000); // looks again after 20 ms
    }
  }

  private static void awaitPublished(Loader loader, int batches) throws Exception {
    await(() -> loader.progress().publishedBatches() >= batches);
  }

  private void awaitStaged(String target, long first, long second) throws Exception {
    await(
        () ->
            topology.staged(target).getOrDefault(0, 0L) >= first
                && topology.staged(target).getOrDefault(1, 0L) >= second);
  }

  private List<String> said() {
    return said.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  /** A row and an end mark in share 0, an end mark in share 1, each in a transaction. */
  private void results(Batch batch, String state) {
    topology.share(batch, 0, 1, row(state, 3L));
    topology.share(batch, 1, 1);
  }

  private void isReady(Batch batch) {
    topology.ledger(ready(batch, 1, share(1, 1), share(1, 0)));
  }

  private void isLoaded(Batch batch) {
    topology.ledger(entry(BatchState.LOADED, batch, 1, share(1, 1), share(1, 0)));
  }

  @Test
  void results_go_when_all_targets_have_them_and_keep_is_over() throws Exception {
    results(DAY, "TX");
    isReady(DAY);
    awaitPublished(postgres(url), 1);
    awaitPublished(duckDb(), 1);

    cleanup(KEEP_IS_OVER, POSTGRES, DUCKDB).start();

    await(() -> topology.results().isEmpty());
  }

  @Test
  void results_stay_while_one_of_two_targets_lags() throws Exception {
    Loader other = duckDb();
    results(DAY, "TX");
    isReady(DAY);
    awaitStaged(DUCKDB, 2, 1);
    other.close();
    results(NEXT_DAY, "UT");
    isReady(NEXT_DAY);
    postgres(url);
    awaitStaged(POSTGRES, 5, 3);

    Cleanup cleanup = cleanup(KEEP_IS_OVER, POSTGRES, DUCKDB);
    cleanup.clean();
    assertThat(topology.results()).as("only the next day").containsExactly("0@3", "0@4", "1@2");

    awaitPublished(duckDb(), 2);
    assertThat(states("jdbc:duckdb:" + folder.resolve("w.duckdb"))).containsExactly("TX 3", "UT 3");
    awaitStaged(DUCKDB, 5, 3);
    cleanup.clean();
    assertThat(topology.results()).isEmpty();
  }

  @Test
  void results_stay_while_nothing_is_known_of_a_target() throws Exception {
    results(DAY, "TX");
    postgres(url);
    awaitStaged(POSTGRES, 2, 1);

    cleanup(KEEP_IS_OVER, POSTGRES, DUCKDB).clean();

    assertThat(topology.results()).containsExactly("0@0", "0@1", "1@0");
  }

  @Test
  void results_that_are_younger_than_keep_stay() throws Exception {
    results(DAY, "TX");
    long first = System.currentTimeMillis();
    await(() -> System.currentTimeMillis() > first + 1);
    results(NEXT_DAY, "UT");
    postgres(url);
    awaitStaged(POSTGRES, 5, 3);

    cleanup(NOW, POSTGRES).clean();
    assertThat(topology.results()).hasSize(6);

    Clock between = Clock.offset(Clock.fixed(topology.appended(0, 3), NOW.getZone()), KEEP);
    cleanup(between, POSTGRES).clean();
    assertThat(topology.results()).containsExactly("0@3", "0@4", "1@2");
  }

  @Test
  void acks_go_when_the_owner_has_read_them() throws Exception {
    results(DAY, "TX");
    results(NEXT_DAY, "UT");
    isReady(DAY);
    isReady(NEXT_DAY);
    awaitPublished(postgres(url), 2);
    assertThat(topology.acks()).hasSize(2);
    Cleanup cleanup = cleanup(NOW, POSTGRES);
    cleanup.clean();
    assertThat(topology.acks()).as("nothing is known of the owner").hasSize(2);

    topology.ownerHasRead(1);
    cleanup.clean();

    assertThat(topology.acks()).containsExactly(Ack.published(POSTGRES, NEXT_DAY.start(), 1, 1));
  }

  @Test
  void a_new_target_loads_what_is_there_and_settles_without_the_rest() throws Exception {
    results(DAY, "TX");
    results(NEXT_DAY, "UT");
    topology.deleteResults(0, 3);
    topology.deleteResults(1, 2);
    isLoaded(DAY);
    isLoaded(NEXT_DAY);

    Loader loader = postgres(url);
    await(() -> loader.progress().settled());

    assertThat(states(url)).containsExactly("UT 3");
    assertThat(topology.acks()).containsExactly(Ack.published(POSTGRES, NEXT_DAY.start(), 1, 1));
    assertThat(said())
        .singleElement()
        .asString()
        .contains("(1, from " + DAY.id() + " to " + DAY.end() + ")", "deleted after 'keep'");
    assertThat(loader.progress().lastError()).isEmpty();
    loader.close();

    Loader next = postgres(url);
    await(() -> next.progress().settled());
    assertThat(said()).as("once more, by the next process").hasSize(2);
  }

  /** The whole of share 0 is there, so a position is known of it when the next loader starts. */
  @Test
  void a_batch_that_has_lost_one_share_is_given_up_after_a_restart_too() throws Exception {
    results(DAY, "TX");
    topology.deleteResults(1);
    Loader first = postgres(url);
    await(() -> first.progress().stagedRows() == 1);
    first.close();
    isLoaded(DAY);

    Loader second = postgres(url);
    await(() -> second.progress().settled());

    assertThat(states(url)).isEmpty();
    assertThat(topology.acks()).isEmpty();
    assertThat(said()).singleElement().asString().contains("(1, from " + DAY.id());
  }

  @Test
  void one_warning_sums_up_many_batches() throws Exception {
    topology.share(DAY, 0, 1);
    topology.share(DAY, 1, 1);
    topology.deleteResults(0);
    topology.deleteResults(1);
    List<Batch> days =
        IntStream.range(0, 150)
            .mapToObj(Duration::ofDays)
            .map(d -> new Batch(DAY.start().plus(d), DAY.start().plus(d.plusDays(1))))
            .toList();
    days.forEach(this::isLoaded);

    Loader loader = postgres(url);
    await(() -> loader.progress().settled());

    assertThat(said())
        .singleElement()
        .asString()
        .contains("(150, from " + DAY.id() + " to " + days.get(149).end() + ")");
  }

  @Test
  void a_ready_batch_whose_results_are_gone_is_refused() throws Exception {
    results(DAY, "TX");
    topology.deleteResults(0);
    Loader loader = postgres(url);
    await(() -> loader.progress().settled());

    isReady(DAY);
    await(() -> !topology.acks().isEmpty());

    assertThat(topology.acks().get(0).refusal())
        .contains("share 0", "deleted from the results topic");
    assertThat(loader.progress().lastError().orElseThrow()).contains(DAY.id());
    assertThat(states(url)).isEmpty();
  }

  @Test
  void a_ready_batch_that_has_lost_its_first_rows_is_refused() throws Exception {
    topology.share(DAY, 0, 1, row("TX", 3L), row("UT", 2L));
    topology.share(DAY, 1, 1);
    topology.deleteResults(0, 1);
    topology.ledger(ready(DAY, 1, share(1, 2), share(1, 0)));

    postgres(url);
    await(() -> !topology.acks().isEmpty());

    assertThat(topology.acks().get(0).refusal())
        .contains("share 0: 1 of the 2 rows", "deleted from the results topic");
    assertThat(states(url)).isEmpty();
  }

  /** In a log whose beginning is deleted, as that of every pipeline that has run for long. */
  @Test
  void a_ready_batch_that_is_still_being_read_is_not_given_up() throws Exception {
    results(DAY, "TX");
    topology.deleteResults(0);
    topology.deleteResults(1);
    int rows = 60_000; // some chunks
    topology.share(
        NEXT_DAY,
        0,
        1,
        IntStream.range(0, rows).mapToObj(i -> row("S" + i, 1L)).toArray(Object[][]::new));
    topology.share(NEXT_DAY, 1, 1);
    topology.ledger(ready(NEXT_DAY, 1, share(1, rows), share(1, 0)));

    Loader loader = postgres(url);
    await(() -> loader.progress().settled());

    assertThat(topology.acks()).containsExactly(Ack.published(POSTGRES, NEXT_DAY.start(), 1, rows));
  }

  @Test
  void a_target_whose_database_was_lost_takes_back_what_was_said_of_it() throws Exception {
    results(DAY, "TX");
    isLoaded(DAY);
    Loader before = postgres(url);
    awaitStaged(POSTGRES, 2, 1);
    before.close();

    String empty = PostgresServer.newSchema();
    postgres(empty);
    await(() -> topology.staged(POSTGRES).get(0) == 0);

    cleanup(KEEP_IS_OVER, POSTGRES).clean();
    awaitStaged(POSTGRES, 2, 1);
    assertThat(states(empty)).containsExactly("TX 3");
  }
}
