package dev.tidemill.load;

import static dev.tidemill.load.Given.DAY;
import static dev.tidemill.load.Given.LOG;
import static dev.tidemill.load.Given.NEXT_DAY;
import static dev.tidemill.load.Given.STATES;
import static dev.tidemill.load.Given.end;
import static dev.tidemill.load.Given.ready;
import static dev.tidemill.load.Given.row;
import static dev.tidemill.load.Given.share;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.Batch;
import dev.tidemill.definition.TargetDefinition;
import dev.tidemill.load.Publication.Published;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Publication is ordered: an attempt replaces smaller ones only, share by share, and what it
 * replaced is not staged any more. What every target does is in {@link TargetContract}.
 */
class Rule07PublicationTest {
  @TempDir private Path folder;
  private Target target;

  @BeforeEach
  void prepare() {
    target =
        Targets.open(
            "departures",
            new TargetDefinition.DuckDb(folder.resolve("w.duckdb"), "daily"),
            STATES,
            Clock.systemUTC());
    target.prepare(LOG);
  }

  @AfterEach
  void close() {
    target.close();
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("w.duckdb"));
  }

  private List<String> query(String sql) throws SQLException {
    try (Connection connection = connect()) {
      return Sql.query(connection, sql, result -> result.getString(1));
    }
  }

  private List<String> published() throws SQLException {
    return query("SELECT state || ' ' || departures FROM daily ORDER BY ALL");
  }

  private String staging() throws SQLException {
    return query("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE '%staging%'").get(0);
  }

  private void stage(Batch batch, int attempt, long offset, boolean whole, Object[]... rows)
      throws Exception {
    Chunk chunk = new Chunk();
    long next = offset + rows.length + (whole ? 1 : 0);
    chunk.advance(0, offset == 0 ? Optional.empty() : Optional.of(offset), next);
    for (int i = 0; i < rows.length; i++) {
      chunk.row(batch.start(), 0, attempt, offset + i, rows[i]);
    }
    if (whole) {
      chunk.end(end(batch, 0, attempt, rows.length));
    }
    target.stage(chunk);
  }

  /** The statement that two loaders race for, whatever either has read before. */
  @Test
  void the_attempt_of_a_batch_only_grows() throws Exception {
    Bookkeeping books =
        new Bookkeeping("departures", "duckdb:race", new TableName(Optional.empty(), "daily"));
    try (Connection connection = connect()) {
      assertThat(publish(books, connection, 2)).as("the first").isTrue();
      assertThat(publish(books, connection, 1)).as("a smaller one").isFalse();
      assertThat(publish(books, connection, 2)).as("the same").isFalse();
      assertThat(publish(books, connection, 3)).as("a greater one").isTrue();
      assertThat(publish(books, connection, 0)).as("an early result").isFalse();
      assertThat(books.batch(connection, DAY.start()))
          .map(Bookkeeping.PublishedBatch::attempt)
          .contains(3);
    }
  }

  private static boolean publish(Bookkeeping books, Connection connection, int attempt)
      throws SQLException {
    return books.publish(connection, DAY, attempt, 1, NEXT_DAY.start());
  }

  @Test
  void an_attempt_replaces_all_rows_of_the_one_before() throws Exception {
    stage(DAY, 1, 0, true, row("TX", 3L), row("NY", 2L));
    target.publish(ready(DAY, 1, share(1, 2)));
    stage(DAY, 2, 3, true, row("TX", 4L));

    assertThat(target.publish(ready(DAY, 2, share(2, 1)))).isEqualTo(new Published(2, 1));
    assertThat(published()).containsExactly("TX 4");
  }

  @Test
  void superseded_staging_is_deleted() throws Exception {
    stage(DAY, 1, 0, false, row("TX", 3L), row("NY", 2L)); // never ended
    stage(DAY, 2, 2, true, row("TX", 4L));
    assertThat(query("SELECT _tidemill_attempt FROM \"" + staging() + "\"")).containsExactly("2");

    target.publish(ready(DAY, 2, share(2, 1)));
    assertThat(query("SELECT _tidemill_attempt FROM \"" + staging() + "\"")).isEmpty();
    assertThat(published()).containsExactly("TX 4");
  }

  @Test
  void what_is_staged_otherwise_than_ready_says_is_not_published() throws Exception {
    stage(DAY, 1, 0, true, row("TX", 3L));

    assertThat(target.publish(ready(DAY, 1, share(2, 1))))
        .isInstanceOf(Publication.Incomplete.class);
    assertThat(target.publish(ready(DAY, 1, share(1, 2)))).isInstanceOf(Publication.Refused.class);
    assertThat(published()).isEmpty();
  }
}
