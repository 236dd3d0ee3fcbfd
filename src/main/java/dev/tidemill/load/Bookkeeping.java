package dev.tidemill.load;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.CrashPoint;
import dev.tidemill.batch.LedgerEntry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a target knows about itself, in the {@link BookkeepingTables} beside the table that is
 * loaded. Works in the transaction of its caller.
 */
final class Bookkeeping {

  /** Whose a table is, and from which results topic it is loaded. */
  record Owner(String pipeline, String target, String log) {}

  /** A batch as it is published; the attempt of an early result is {@link LedgerEntry#EARLY}. */
  record PublishedBatch(int attempt, long rows) {}

  private static final String ROWS = "\"rows\"";
  private static final String WHOSE = " WHERE pipeline = ? AND target = ?";

  private final String pipeline;
  private final String target;
  private final String table;
  private final String tables;
  private final String offsets;
  private final String shares;
  private final String batches;

  /**
   * @param table with its schema, where the four tables live too
   */
  Bookkeeping(String pipeline, String target, TableName table) {
    this.pipeline = pipeline;
    this.target = target;
    this.table = table.table();
    this.tables = table.sibling(BookkeepingTables.TABLES).quoted();
    this.offsets = table.sibling(BookkeepingTables.OFFSETS).quoted();
    this.shares = table.sibling(BookkeepingTables.SHARES).quoted();
    this.batches = table.sibling(BookkeepingTables.BATCHES).quoted();
  }

  Optional<Owner> owner(Connection connection) throws SQLException {
    return Sql.query(
            connection,
            "SELECT pipeline, target, log FROM " + tables + " WHERE table_name = ?",
            row -> new Owner(row.getString(1), row.getString(2), row.getString(3)),
            table)
        .stream()
        .findFirst();
  }

  void own(Connection connection, String log) throws SQLException {
    Sql.update(
        connection,
        "INSERT INTO " + tables + " VALUES (?, ?, ?, ?, 0)",
        table,
        pipeline,
        target,
        log);
  }

  /** The first statement of every transaction: from here to its end no other one writes. */
  void fence(Connection connection, String log) throws SQLException, FencedException {
    int touched =
        Sql.update(
            connection,
            "UPDATE "
                + tables
                + " SET writes = writes + 1"
                + WHOSE
                + " AND table_name = ? AND log = ?",
            pipeline,
            target,
            table,
            log);
    if (touched != 1) {
      throw new FencedException(
          "the table %s no longer belongs to %s and its results topic %s"
              .formatted(table, pipeline, log));
    }
  }

  Map<Integer, Long> positions(Connection connection) throws SQLException {
    Map<Integer, Long> positions = new HashMap<>();
    Sql.query(
        connection,
        "SELECT \"partition\", next_offset FROM " + offsets + WHOSE,
        row -> positions.put(row.getInt(1), row.getLong(2)),
        pipeline,
        target);
    return positions;
  }

  /** Compare-and-set. */
  void advance(Connection connection, int partition, Chunk.Advance advance)
      throws SQLException, FencedException {
    CrashPoint.BEFORE_OFFSET_WRITE.reached();
    int touched =
        advance.from().isPresent()
            ? Sql.update(
                connection,
                "UPDATE "
                    + offsets
                    + " SET next_offset = ?"
                    + WHOSE
                    + " AND \"partition\" = ? AND next_offset = ?",
                advance.next(),
                pipeline,
                target,
                partition,
                advance.from().get())
            : Sql.update(
                connection,
                "INSERT INTO " + offsets + " VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                pipeline,
                target,
                partition,
                advance.next());
    if (touched != 1) {
      throw new FencedException(
          "%s is no longer at offset %s of results partition %d: another loader has moved it"
              .formatted(
                  target,
                  advance.from().map(String::valueOf).orElse("nothing, the start"),
                  partition));
    }
    CrashPoint.AFTER_OFFSET_WRITE.reached();
  }

  /** The shares with staged rows or end marks, of batches that start within two instants. */
  List<ShareBooks> staged(Connection connection, Instant first, Instant last) throws SQLException {
    return shares(connection, " AND staged_attempt > 0", first, last);
  }

  /** All shares of a batch. */
  List<ShareBooks> shares(Connection connection, Instant batch) throws SQLException {
    return shares(connection, "", batch, batch);
  }

  private List<ShareBooks> shares(Connection connection, String filter, Instant first, Instant last)
      throws SQLException {
    return Sql.query(
        connection,
        "SELECT batch_start, share, staged_attempt, ended, merged, "
            + ROWS
            + ", refusal, published_attempt FROM "
            + shares
            + WHOSE
            + " AND batch_start BETWEEN ? AND ?"
            + filter,
        row ->
            new ShareBooks(
                Sql.instant(row, 1),
                row.getInt(2),
                row.getInt(3),
                row.getBoolean(4),
                row.getLong(5),
                row.getLong(6),
                row.getString(7),
                row.getInt(8)),
        pipeline,
        target,
        first,
        last);
  }

  /** Writes down what is staged of each; what is published of them stays as it is. */
  void stage(Connection connection, List<ShareBooks> changed) throws SQLException {
    // Many rows a statement: each statement costs DuckDB about 1 ms, and PostgreSQL a round trip.
    int most = 100;
    for (int from = 0; from < changed.size(); from += most) {
      List<ShareBooks> some = changed.subList(from, Math.min(from + most, changed.size()));
      Object[] values =
          some.stream()
              .flatMap(
                  s ->
                      List.<Object>of(
                          pipeline,
                          target,
                          s.batch(),
                          s.share(),
                          s.attempt(),
                          s.ended(),
                          s.merged(),
                          s.rows(),
                          s.refusal())
                          .stream())
              .toArray();
      String places = "(?, ?, ?, ?, ?, ?, ?, ?, ?, 0), ".repeat(some.size());
      Sql.update(
          connection,
          "INSERT INTO "
              + shares
              + " VALUES "
              + places.substring(0, places.length() - 2)
              + " ON CONFLICT (pipeline, target, batch_start, share) DO UPDATE SET"
              + " staged_attempt = excluded.staged_attempt, ended = excluded.ended,"
              + " merged = excluded.merged, refusal = excluded.refusal, "
              + ROWS
              + " = excluded."
              + ROWS,
          values);
    }
  }

  /** What was staged of a share is published now, and nothing of it is staged any more. */
  void published(Connection connection, Instant batch, int share, int attempt) throws SQLException {
    Sql.update(
        connection,
        "UPDATE "
            + shares
            + " SET published_attempt = ?, staged_attempt = 0, ended = FALSE, merged = 0, "
            + ROWS
            + " = 0, refusal = ''"
            + WHOSE
            + " AND batch_start = ? AND share = ?",
        attempt,
        pipeline,
        target,
        batch,
        share);
  }

  Optional<PublishedBatch> batch(Connection connection, Instant start) throws SQLException {
    return Sql.query(
            connection,
            "SELECT attempt, " + ROWS + " FROM " + batches + WHOSE + " AND batch_start = ?",
            row -> new PublishedBatch(row.getInt(1), row.getLong(2)),
            pipeline,
            target,
            start)
        .stream()
        .findFirst();
  }

  /**
   * Rule 7: the attempt only grows; an early result may take the place of another.
   *
   * @return whether it was smaller than {@code attempt}, or both are early results
   */
  boolean publish(Connection connection, Batch batch, int attempt, long rows, Instant now)
      throws SQLException {
    if (batch(connection, batch.start()).isEmpty()) {
      return Sql.update(
              connection,
              "INSERT INTO " + batches + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
              pipeline,
              target,
              batch.start(),
              batch.end(),
              attempt,
              rows,
              now)
          == 1;
    }
    return Sql.update(
            connection,
            "UPDATE "
                + batches
                + " SET batch_end = ?, attempt = ?, "
                + ROWS
                + " = ?, published_at = ?"
                + WHOSE
                + " AND batch_start = ? AND attempt < ?",
            batch.end(),
            attempt,
            rows,
            now,
            pipeline,
            target,
            batch.start(),
            Math.max(attempt, LedgerEntry.EARLY + 1))
        == 1;
  }

  /**
   * Forgets everything about this table.
   *
   * @return whether it was this target's
   */
  boolean forget(Connection connection) throws SQLException {
    for (String each : List.of(offsets, shares, batches)) {
      Sql.update(connection, "DELETE FROM " + each + WHOSE, pipeline, target);
    }
    return Sql.update(
            connection,
            "DELETE FROM " + tables + WHOSE + " AND table_name = ?",
            pipeline,
            target,
            table)
        == 1;
  }
}
