package dev.tidemill.load;

import static dev.tidemill.load.Given.DAY;
import static dev.tidemill.load.Given.LOG;
import static dev.tidemill.load.Given.NEXT_DAY;
import static dev.tidemill.load.Given.STATES;
import static dev.tidemill.load.Given.end;
import static dev.tidemill.load.Given.ready;
import static dev.tidemill.load.Given.row;
import static dev.tidemill.load.Given.schema;
import static dev.tidemill.load.Given.share;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.definition.TargetDefinition;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.load.Publication.Incomplete;
import dev.tidemill.load.Publication.Published;
import dev.tidemill.load.Publication.Refused;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every target guarantees. */
abstract class TargetContract {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2024-03-12T06:00:00Z"), ZoneOffset.UTC);

  private Target target;

  /** The same table of the same database in one test, a new one in the next. */
  abstract TargetDefinition definition();

  /** A connection of somebody else to that database. */
  abstract Connection connect() throws SQLException;

  @BeforeEach
  void prepare() {
    target = open(STATES);
    target.prepare(LOG);
  }

  @AfterEach
  void close() {
    target.close();
  }

  final Target open(Schema schema) {
    return Targets.open("departures", definition(), schema, CLOCK);
  }

  final List<String> query(String sql) {
    try (Connection connection = connect()) {
      return Sql.query(connection, sql, row -> row.getString(1));
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  final void run(String sql) {
    try (Connection connection = connect()) {
      Sql.run(connection, sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  private List<String> states() {
    return query("SELECT state || ' ' || departures FROM daily ORDER BY state, departures");
  }

  private static Chunk chunk(int partition, long from, long next) {
    Chunk chunk = new Chunk();
    chunk.advance(partition, from == 0 ? Optional.empty() : Optional.of(from), next);
    return chunk;
  }

  /** One share of the day with its end mark. */
  private static Chunk share0(int attempt, long from, Object[]... rows) {
    Chunk chunk = chunk(0, from, from + rows.length + 1);
    for (int i = 0; i < rows.length; i++) {
      chunk.row(DAY.start(), 0, attempt, from + i, rows[i]);
    }
    chunk.end(end(DAY, 0, attempt, rows.length));
    return chunk;
  }

  @Test
  void a_published_batch_is_in_the_table() throws Exception {
    target.stage(share0(1, 0, row("TX", 3L), row("NY", 2L)));

    assertThat(target.publish(ready(DAY, 1, share(1, 2)))).isEqualTo(new Published(1, 2));
    assertThat(states()).containsExactly("NY 2", "TX 3");
  }

  @Test
  void every_row_carries_its_batch() throws Exception {
    target.stage(share0(1, 0, row("TX", 3L)));
    target.publish(ready(DAY, 1, share(1, 1)));

    try (Connection connection = connect()) {
      List<List<Object>> rows =
          Sql.query(
              connection,
              "SELECT batch_start, batch_end, attempt, batch_share FROM daily",
              r -> List.of(Sql.instant(r, 1), Sql.instant(r, 2), r.getInt(3), r.getInt(4)));
      assertThat(rows).containsExactly(List.of(DAY.start(), DAY.end(), 1, 0));
    }
  }

  @Test
  void staged_rows_are_not_visible() throws Exception {
    target.stage(share0(1, 0, row("TX", 3L)));

    assertThat(states()).isEmpty();
  }

  @Test
  void publishing_again_changes_nothing_and_answers_the_same() throws Exception {
    target.stage(share0(1, 0, row("TX", 3L)));
    target.publish(ready(DAY, 1, share(1, 1)));

    assertThat(target.publish(ready(DAY, 1, share(1, 1)))).isEqualTo(new Published(1, 1));
    assertThat(states()).containsExactly("TX 3");
  }

  @Test
  void an_attempt_that_a_later_one_has_replaced_is_not_published() throws Exception {
    target.stage(share0(1, 0, row("TX", 3L)));
    target.publish(ready(DAY, 2, share(1, 1)));

    assertThat(target.publish(ready(DAY, 1, share(1, 1)))).isEqualTo(new Published(2, 1));
  }

  @Test
  void the_next_attempt_replaces_the_rows_of_the_share_that_changed() throws Exception {
    target.stage(share0(1, 0, row("TX", 3L)));
    Chunk other = chunk(1, 0, 2);
    other.row(DAY.start(), 1, 1, 0, row("NY", 2L));
    other.end(end(DAY, 1, 1, 1));
    target.stage(other);
    target.publish(ready(DAY, 1, share(1, 1), share(1, 1)));
    target.stage(share0(2, 2, row("TX", 4L), row("UT", 1L)));

    assertThat(target.publish(ready(DAY, 2, share(2, 2), share(1, 1))))
        .isEqualTo(new Published(2, 3));
    assertThat(states()).containsExactly("NY 2", "TX 4", "UT 1");
    assertThat(query("SELECT attempt FROM daily WHERE state = 'NY'")).containsExactly("1");
  }

  @Test
  void an_early_result_is_marked_in_every_row_and_in_the_books() throws Exception {
    target.stage(share0(1, 0, row("TX", 3L)));

    assertThat(target.publish(early(share(1, 1), share(0, 0)))).isEqualTo(new Published(0, 1));
    assertThat(query("SELECT state || ' ' || departures || ' ' || attempt FROM daily"))
        .containsExactly("TX 3 0");
    assertThat(query("SELECT attempt FROM _tidemill_batches")).containsExactly("0");
  }

  @Test
  void an_early_result_replaces_the_one_before_share_by_share() throws Exception {
    target.stage(share0(1, 0, row("TX", 3L)));
    Chunk other = chunk(1, 0, 2);
    other.row(DAY.start(), 1, 1, 0, row("NY", 2L));
    other.end(end(DAY, 1, 1, 1));
    target.stage(other);
    target.publish(early(share(1, 1), share(1, 1)));
    target.stage(share0(2, 2, row("TX", 4L), row("UT", 1L)));

    assertThat(target.publish(early(share(2, 2), share(1, 1)))).isEqualTo(new Published(0, 3));
    assertThat(target.publish(early(share(2, 2), share(1, 1))))
        .as("told again")
        .isEqualTo(new Published(0, 3));
    assertThat(states()).containsExactly("NY 2", "TX 4", "UT 1");
  }

  @Test
  void the_batch_itself_replaces_every_row_of_its_early_result() throws Exception {
    target.stage(share0(1, 0, row("TX", 3L), row("NY", 2L)));
    target.publish(early(share(1, 2), share(0, 0)));
    target.stage(share0(2, 3, row("TX", 4L), row("NY", 2L)));
    target.stage(endOfShare1());

    assertThat(target.publish(ready(DAY, 1, share(2, 2), share(1, 0))))
        .isEqualTo(new Published(1, 2));
    assertThat(states()).containsExactly("NY 2", "TX 4");
    assertThat(query("SELECT DISTINCT attempt FROM daily")).containsExactly("1");
    assertThat(query("SELECT attempt FROM _tidemill_batches")).containsExactly("1");
    assertThat(query("SELECT state FROM _tidemill_staging_daily")).isEmpty();
  }

  @Test
  void an_early_result_never_replaces_the_batch_itself() throws Exception {
    target.stage(share0(1, 0, row("TX", 3L)));
    target.publish(ready(DAY, 1, share(1, 1)));
    target.stage(share0(2, 2, row("TX", 4L)));

    assertThat(target.publish(early(share(2, 1)))).isEqualTo(new Published(1, 1));
    assertThat(states()).containsExactly("TX 3");
  }

  @Test
  void an_early_result_of_which_a_newer_one_is_being_staged_is_left_out() throws Exception {
    target.stage(share0(1, 0, row("TX", 3L)));
    Chunk newer = chunk(0, 2, 3);
    newer.row(DAY.start(), 0, 2, 2, row("TX", 4L));
    target.stage(newer);

    assertThat(target.publish(early(share(1, 1)))).isInstanceOf(Incomplete.class);
    assertThat(states()).isEmpty();
  }

  private static LedgerEntry early(LedgerEntry.Share... shares) {
    return ready(DAY, LedgerEntry.EARLY, shares);
  }

  @Test
  void other_batches_stay_as_they_are() throws Exception {
    target.stage(share0(1, 0, row("TX", 3L)));
    target.publish(ready(DAY, 1, share(1, 1)));
    Chunk next = chunk(0, 2, 4);
    next.row(NEXT_DAY.start(), 0, 1, 2, row("NY", 9L));
    next.end(end(NEXT_DAY, 0, 1, 1));
    target.stage(next);

    target.publish(ready(NEXT_DAY, 1, share(1, 1)));

    assertThat(states()).containsExactly("NY 9", "TX 3");
  }

  @Test
  void a_batch_without_rows_is_recorded() throws Exception {
    target.stage(share0(1, 0));

    assertThat(target.publish(ready(DAY, 1, share(1, 0)))).isEqualTo(new Published(1, 0));
    assertThat(query("SELECT \"rows\" FROM _tidemill_batches")).containsExactly("0");
  }

  @Test
  void an_attempt_can_empty_a_batch() throws Exception {
    target.stage(share0(1, 0, row("TX", 3L)));
    target.publish(ready(DAY, 1, share(1, 1)));
    target.stage(share0(2, 2));

    assertThat(target.publish(ready(DAY, 2, share(2, 0)))).isEqualTo(new Published(2, 0));
    assertThat(states()).isEmpty();
  }

  @Test
  void a_share_without_its_end_mark_is_not_published() throws Exception {
    Chunk chunk = chunk(0, 0, 1);
    chunk.row(DAY.start(), 0, 1, 0, row("TX", 3L));
    target.stage(chunk);

    assertThat(target.publish(ready(DAY, 1, share(1, 1)))).isInstanceOf(Incomplete.class);
    assertThat(states()).isEmpty();
  }

  @Test
  void a_batch_of_which_a_share_is_missing_is_not_published() throws Exception {
    target.stage(share0(1, 0, row("TX", 3L)));

    assertThat(target.publish(ready(DAY, 1, share(1, 1), share(1, 0))))
        .isEqualTo(
            new Incomplete(
                "share 1: attempt 1 is to be published, staged is nothing", OptionalInt.of(1)));
  }

  @Test
  void a_share_that_is_staged_in_a_later_attempt_is_not_published_as_the_earlier()
      throws Exception {
    target.stage(share0(1, 0, row("TX", 3L)));
    target.stage(share0(2, 2, row("TX", 4L)));

    assertThat(target.publish(ready(DAY, 1, share(1, 1)))).isInstanceOf(Incomplete.class);
  }

  @Test
  void a_row_count_other_than_the_ledgers_is_refused() throws Exception {
    target.stage(share0(1, 0, row("TX", 3L)));

    assertThat(target.publish(ready(DAY, 1, share(1, 2)))).isInstanceOf(Refused.class);
    assertThat(states()).isEmpty();
  }

  @Test
  void rows_that_were_changed_by_hand_stop_the_next_attempt() throws Exception {
    target.stage(share0(1, 0, row("TX", 3L)));
    target.stage(endOfShare1());
    target.publish(ready(DAY, 1, share(1, 1), share(1, 0)));
    run("UPDATE daily SET batch_share = 1");
    target.stage(share0(2, 2, row("TX", 4L)));

    assertThat(target.publish(ready(DAY, 2, share(2, 1), share(1, 0)))).isInstanceOf(Refused.class);
    assertThat(states()).containsExactly("TX 3");
  }

  private static Chunk endOfShare1() {
    Chunk chunk = chunk(1, 0, 1);
    chunk.end(end(DAY, 1, 1, 0));
    return chunk;
  }

  @Test
  void rows_of_an_attempt_that_never_ended_are_superseded_by_the_next() throws Exception {
    Chunk torn = chunk(0, 0, 2);
    torn.row(DAY.start(), 0, 1, 0, row("TX", 3L));
    torn.row(DAY.start(), 0, 1, 1, row("NY", 3L));
    target.stage(torn);
    target.stage(share0(2, 2, row("TX", 4L)));

    assertThat(target.publish(ready(DAY, 1, share(2, 1)))).isEqualTo(new Published(1, 1));
    assertThat(states()).containsExactly("TX 4");
  }

  @Test
  void rows_of_two_attempts_in_one_chunk_leave_only_the_later() throws Exception {
    Chunk chunk = chunk(0, 0, 3);
    chunk.row(DAY.start(), 0, 1, 0, row("TX", 3L));
    chunk.row(DAY.start(), 0, 2, 1, row("TX", 4L));
    chunk.end(end(DAY, 0, 2, 1));
    target.stage(chunk);

    target.publish(ready(DAY, 1, share(2, 1)));

    assertThat(states()).containsExactly("TX 4");
  }

  @Test
  void a_share_can_come_in_several_chunks() throws Exception {
    Chunk first = chunk(0, 0, 1);
    first.row(DAY.start(), 0, 1, 0, row("TX", 3L));
    target.stage(first);
    Chunk second = chunk(0, 1, 3);
    second.row(DAY.start(), 0, 1, 1, row("NY", 2L));
    second.end(end(DAY, 0, 1, 2));
    target.stage(second);

    assertThat(target.publish(ready(DAY, 1, share(1, 2)))).isEqualTo(new Published(1, 2));
  }

  @Test
  void a_chunk_of_many_batches_is_staged() throws Exception {
    Chunk chunk = chunk(0, 0, 500);
    for (int hour = 0; hour < 250; hour++) {
      Instant start = DAY.start().plusSeconds(3600L * hour);
      chunk.row(start, 0, 1, hour * 2, row("TX", (long) hour));
      chunk.end(end(new Batch(start, start.plusSeconds(3600)), 0, 1, 1));
    }
    target.stage(chunk);

    assertThat(query("SELECT COUNT(*) FROM _tidemill_shares WHERE ended")).containsExactly("250");
  }

  @Test
  void the_positions_move_with_the_rows() throws Exception {
    target.stage(share0(1, 0, row("TX", 3L)));

    assertThat(target.positions()).isEqualTo(Map.of(0, 2L));
  }

  @Test
  void the_next_process_goes_on_where_the_last_one_ended() throws Exception {
    target.stage(share0(1, 0, row("TX", 3L)));
    target.close();
    target.prepare(LOG);

    assertThat(target.positions()).isEqualTo(Map.of(0, 2L));
    assertThat(target.publish(ready(DAY, 1, share(1, 1)))).isEqualTo(new Published(1, 1));
    assertThat(states()).containsExactly("TX 3");
  }

  @Test
  void a_second_loader_at_the_old_position_is_fenced_and_changes_nothing() throws Exception {
    try (Target second = open(STATES)) {
      second.prepare(LOG);
      target.stage(share0(1, 0, row("TX", 3L)));

      assertThatThrownBy(() -> second.stage(share0(1, 0, row("NY", 7L))))
          .isInstanceOf(FencedException.class);
    }
    assertThat(query("SELECT state FROM _tidemill_staging_daily")).containsExactly("TX");
    assertThat(target.positions()).isEqualTo(Map.of(0, 2L));
  }

  @Test
  void a_second_loader_is_fenced_at_later_positions_too() throws Exception {
    target.stage(share0(1, 0, row("TX", 3L)));
    target.stage(share0(2, 2, row("TX", 4L)));

    assertThatThrownBy(() -> target.stage(share0(2, 2, row("TX", 4L))))
        .isInstanceOf(FencedException.class);
  }

  @Test
  void a_failed_chunk_leaves_nothing_behind() throws Exception {
    Chunk broken = share0(1, 0, row("TX", 3L), row(null, 4L)); // NULL into NOT NULL

    assertThatThrownBy(() -> target.stage(broken)).isInstanceOf(TargetException.class);
    target.prepare(LOG);
    assertThat(target.positions()).isEmpty();
    assertThat(query("SELECT state FROM _tidemill_staging_daily")).isEmpty();
    assertThat(query("SELECT share FROM _tidemill_shares")).isEmpty();
  }

  @Test
  void a_record_that_can_not_be_read_stops_its_batch_alone() throws Exception {
    Chunk chunk = share0(1, 0);
    chunk.refuse(DAY.start(), 0, 1, "results-0@7: not Avro");
    chunk.end(end(NEXT_DAY, 0, 1, 0));
    target.stage(chunk);

    assertThat(target.publish(ready(DAY, 1, share(1, 0))))
        .isEqualTo(new Refused("results-0@7: not Avro"));
    assertThat(target.publish(ready(NEXT_DAY, 1, share(1, 0)))).isEqualTo(new Published(1, 0));
  }

  @Test
  void published_rows_leave_the_staging_table() throws Exception {
    target.stage(share0(1, 0, row("TX", 3L)));
    target.publish(ready(DAY, 1, share(1, 1)));

    assertThat(query("SELECT state FROM _tidemill_staging_daily")).isEmpty();
  }

  @Test
  void a_table_with_other_columns_is_refused_with_every_difference() {
    run("ALTER TABLE daily DROP COLUMN departures");
    run("ALTER TABLE daily ADD COLUMN arrivals INTEGER");

    assertThatThrownBy(() -> target.prepare(LOG))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("column departures: expected")
        .hasMessageContaining("column arrivals: expected none, found");
  }

  @Test
  void a_rehearsal_says_what_the_preparation_would() {
    run("ALTER TABLE daily DROP COLUMN departures");

    String refusal = catchThrowable(() -> target.prepare(LOG)).getMessage();
    assertThatThrownBy(() -> target.rehearse(LOG))
        .isInstanceOf(Unavailable.class)
        .hasMessage(refusal);
  }

  @Test
  void a_rehearsal_makes_nothing() {
    try (Target fresh = Targets.open("departures", onTable("fresh"), STATES, CLOCK)) {
      fresh.rehearse(LOG);
    }
    assertThat(query("SELECT table_name FROM information_schema.tables"))
        .doesNotContain("fresh", "_tidemill_staging_fresh");
    assertThat(query("SELECT table_name FROM _tidemill_tables")).containsExactly("daily");
  }

  @Test
  void a_refused_table_is_left_alone() {
    run("CREATE TABLE other (x INTEGER)");
    TargetDefinition other = onTable("other");

    try (Target refused = Targets.open("departures", other, STATES, CLOCK)) {
      assertThatThrownBy(() -> refused.prepare(LOG)).isInstanceOf(Unavailable.class);
    }
    assertThat(query("SELECT table_name FROM information_schema.tables"))
        .doesNotContain("_tidemill_staging_other");
  }

  private TargetDefinition onTable(String table) {
    return definition() instanceof TargetDefinition.Postgres postgres
        ? new TargetDefinition.Postgres(postgres.url(), table)
        : new TargetDefinition.DuckDb(((TargetDefinition.DuckDb) definition()).path(), table);
  }

  @Test
  void a_table_of_another_pipeline_is_refused() {
    try (Target other = Targets.open("arrivals", definition(), STATES, CLOCK)) {
      assertThatThrownBy(() -> other.prepare(LOG))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("belongs to the pipeline departures");
    }
  }

  @Test
  void a_table_that_was_dropped_is_not_taken_for_an_empty_one() throws Exception {
    target.close();
    run("DROP TABLE daily");

    assertThatThrownBy(() -> target.prepare(LOG))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("is gone");
  }

  @Test
  void another_results_topic_is_not_taken_for_the_old_one() {
    assertThatThrownBy(() -> target.prepare("log-2"))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("log-1");
  }

  @Test
  void after_forgetting_another_results_topic_replaces_the_batches_that_it_has() throws Exception {
    target.stage(share0(5, 0, row("TX", 3L), row("NY", 1L)));
    target.publish(ready(DAY, 3, share(5, 2)));

    target.forget();
    target.prepare("log-2");
    target.stage(share0(1, 0, row("TX", 4L)));

    assertThat(target.publish(ready(DAY, 1, share(1, 1)))).isEqualTo(new Published(1, 1));
    assertThat(states()).containsExactly("TX 4");
  }

  @Test
  void a_table_of_another_pipeline_is_not_forgotten() throws Exception {
    target.stage(share0(1, 0, row("TX", 3L)));

    try (Target other = Targets.open("arrivals", definition(), STATES, CLOCK)) {
      other.forget();
    }

    assertThat(target.publish(ready(DAY, 1, share(1, 1)))).isEqualTo(new Published(1, 1));
  }

  @Test
  void names_with_quotes_are_names_like_others() throws Exception {
    TargetDefinition odd = onTable("it's \"odd\"; DROP TABLE daily");
    try (Target target = Targets.open("departures", odd, STATES, CLOCK)) {
      target.prepare(LOG);
      target.stage(share0(1, 0, row("TX", 3L)));

      assertThat(target.publish(ready(DAY, 1, share(1, 1)))).isEqualTo(new Published(1, 1));
    }
    assertThat(states()).isEmpty();
  }

  @Test
  void selected_batch_bounds_are_not_stored_twice() throws Exception {
    Schema schema =
        schema(
            "{'name': 'batch_start', 'type': {'type': 'long', 'logicalType': 'timestamp-millis'}},"
                + "{'name': 'state', 'type': 'string'}");
    try (Target target = Targets.open("departures", onTable("bounds"), schema, CLOCK)) {
      target.prepare(LOG);
      target.stage(share0(1, 0, row(DAY.start().toEpochMilli(), "TX")));

      assertThat(target.publish(ready(DAY, 1, share(1, 1)))).isEqualTo(new Published(1, 1));
    }
    assertThat(query("SELECT state FROM bounds")).containsExactly("TX");
  }

  @Test
  void columns_in_another_order_go_where_they_belong() throws Exception {
    Schema turned =
        schema("{'name': 'departures', 'type': 'long'}, {'name': 'state', 'type': 'string'}");
    try (Target target = open(turned)) {
      target.prepare(LOG);
      target.stage(share0(1, 0, row(3L, "TX")));
      target.publish(ready(DAY, 1, share(1, 1)));
    }
    assertThat(states()).containsExactly("TX 3");
  }

  @Test
  void many_rows_survive_the_way() throws Exception {
    int rows = 20_000;
    Object[][] all =
        IntStream.range(0, rows).mapToObj(i -> row("S" + i, (long) i)).toArray(Object[][]::new);
    target.stage(share0(1, 0, all));

    assertThat(target.publish(ready(DAY, 1, share(1, rows)))).isEqualTo(new Published(1, rows));
    assertThat(query("SELECT CAST(SUM(departures) AS BIGINT) FROM daily"))
        .containsExactly(String.valueOf((long) rows * (rows - 1) / 2));
  }
}
