package dev.tidemill.load;

import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.load.Publication.Incomplete;
import dev.tidemill.load.Publication.Published;
import dev.tidemill.load.Publication.Refused;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * Publishes what a READY entry says, or says why not. Works in the transaction of its caller, who
 * commits for {@link Published} only.
 */
final class Publisher {
  private final Bookkeeping books;
  private final TableName table;
  private final ResultColumns columns;
  private final Clock clock;

  Publisher(Bookkeeping books, TableName table, ResultColumns columns, Clock clock) {
    this.books = books;
    this.table = table;
    this.columns = columns;
    this.clock = clock;
  }

  Publication publish(Connection connection, LedgerEntry ready) throws SQLException {
    Instant batch = ready.batch().start();
    Optional<Bookkeeping.PublishedBatch> before = books.batch(connection, batch);
    if (before.isPresent() && !replaces(ready, before.get())) {
      return new Published(before.get().attempt(), before.get().rows());
    }
    Map<Integer, ShareBooks> known =
        books.shares(connection, batch).stream()
            .collect(Collectors.toMap(ShareBooks::share, share -> share));
    Map<Integer, Long> staged = stagedRows(connection, batch);
    List<Integer> replaced = new ArrayList<>();
    for (int share = 0; share < ready.shares().size(); share++) {
      LedgerEntry.Share expected = ready.shares().get(share);
      ShareBooks found = known.getOrDefault(share, ShareBooks.none(batch, share));
      if (found.published() == expected.attempt()) {
        continue;
      }
      Optional<Publication> obstacle =
          obstacle(expected, found, staged.getOrDefault(share, 0L), ready.attempt());
      if (obstacle.isPresent()) {
        return obstacle.get();
      }
      replaced.add(share);
    }
    if (before.isPresent() && replaced.isEmpty() && before.get().attempt() == ready.attempt()) {
      return new Published(ready.attempt(), before.get().rows());
    }
    if (!books.publish(
        connection, ready.batch(), ready.attempt(), ready.resultRows(), clock.instant())) {
      return new Incomplete(
          "another loader is publishing " + ready.batch().id(), OptionalInt.empty());
    }
    if (before.isEmpty()) {
      Sql.update(connection, "DELETE FROM " + table.quoted() + " WHERE batch_start = ?", batch);
    }
    for (int share : replaced) {
      replace(connection, ready, share, before.isPresent());
    }
    return count(connection, ready);
  }

  /** One early result replaces another, which has the same attempt. */
  private static boolean replaces(LedgerEntry ready, Bookkeeping.PublishedBatch before) {
    return before.attempt() < ready.attempt()
        || before.attempt() == LedgerEntry.EARLY && ready.attempt() == LedgerEntry.EARLY;
  }

  private Map<Integer, Long> stagedRows(Connection connection, Instant batch) throws SQLException {
    Map<Integer, Long> rows = new HashMap<>();
    Sql.query(
        connection,
        "SELECT _tidemill_share, COUNT(*) FROM "
            + table.staging().quoted()
            + " WHERE _tidemill_batch = ? GROUP BY _tidemill_share",
        row -> rows.put(row.getInt(1), row.getLong(2)),
        batch);
    return rows;
  }

  /** Why the share can not be published as expected; empty if it is staged exactly so. */
  private static Optional<Publication> obstacle(
      LedgerEntry.Share expected, ShareBooks found, long stagedRows, int attempt) {
    if (found.attempt() != expected.attempt() || !(found.ended() || !found.refusal().isEmpty())) {
      return Optional.of(
          new Incomplete(
              "share %d: attempt %d is to be published, staged is %s"
                  .formatted(found.share(), expected.attempt(), describe(found)),
              found.attempt() > expected.attempt()
                  ? OptionalInt.empty()
                  : OptionalInt.of(found.share())));
    }
    if (!found.refusal().isEmpty()) {
      return Optional.of(new Refused(found.refusal()));
    }
    if (found.rows() == expected.rows()
        && found.merged() == expected.merged()
        && stagedRows < expected.rows()) {
      return Optional.of(
          new Refused(
              ("share %d: %d of the %d rows of attempt %d are staged, and its end mark; the others"
                      + " were deleted from the results topic before this target had them, or from"
                      + " the staging table")
                  .formatted(found.share(), stagedRows, expected.rows(), expected.attempt())));
    }
    if (found.rows() != expected.rows()
        || found.merged() != expected.merged()
        || stagedRows != expected.rows()) {
      return Optional.of(
          new Refused(
              ("the books of share %d do not balance in attempt %d: the ledger says %d rows of %d"
                      + " records, the end mark %d rows of %d records, staged are %d rows")
                  .formatted(
                      found.share(),
                      attempt,
                      expected.rows(),
                      expected.merged(),
                      found.rows(),
                      found.merged(),
                      stagedRows)));
    }
    return Optional.empty();
  }

  private static String describe(ShareBooks found) {
    if (found.attempt() == 0) {
      return "nothing";
    }
    return "attempt " + found.attempt() + (found.ended() ? "" : ", without its end mark");
  }

  private void replace(Connection connection, LedgerEntry ready, int share, boolean again)
      throws SQLException {
    Instant batch = ready.batch().start();
    if (again) {
      Sql.update(
          connection,
          "DELETE FROM " + table.quoted() + " WHERE batch_start = ? AND batch_share = ?",
          batch,
          share);
    }
    int shareAttempt = ready.shares().get(share).attempt();
    if (ready.shares().get(share).rows() > 0) {
      String names =
          columns.result().stream()
              .map(column -> TableName.quote(column.name()) + ", ")
              .collect(Collectors.joining());
      Sql.update(
          connection,
          "INSERT INTO "
              + table.quoted()
              + " ("
              + names
              + "batch_start, batch_end, attempt, batch_share) SELECT "
              + names
              + "_tidemill_batch, CAST(? AS TIMESTAMP WITH TIME ZONE), CAST(? AS INTEGER),"
              + " _tidemill_share FROM "
              + table.staging().quoted()
              + " WHERE _tidemill_batch = ? AND _tidemill_share = ? AND _tidemill_attempt = ?",
          ready.batch().end(),
          ready.attempt(),
          batch,
          share,
          shareAttempt);
      Sql.update(
          connection,
          "DELETE FROM "
              + table.staging().quoted()
              + " WHERE _tidemill_batch = ? AND _tidemill_share = ?",
          batch,
          share);
    }
    books.published(connection, batch, share, shareAttempt);
  }

  /** The last check before the commit: what readers would see. */
  private Publication count(Connection connection, LedgerEntry ready) throws SQLException {
    long rows =
        Sql.query(
                connection,
                "SELECT COUNT(*) FROM " + table.quoted() + " WHERE batch_start = ?",
                row -> row.getLong(1),
                ready.batch().start())
            .get(0);
    if (rows != ready.resultRows()) {
      return new Refused(
          ("batch %s attempt %d: the table %s would hold %d rows, the ledger says %d; were rows of"
                  + " it changed by hand?")
              .formatted(ready.batch().id(), ready.attempt(), table, rows, ready.resultRows()));
    }
    return new Published(ready.attempt(), rows);
  }
}
