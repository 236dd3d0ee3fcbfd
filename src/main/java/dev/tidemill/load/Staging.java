package dev.tidemill.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps chunks until they are published. Works in the transaction of its caller. */
final class Staging {
  private record Key(Instant batch, int share) {}

  private final Dialect dialect;
  private final Bookkeeping books;
  private final TableName staging;
  private final ResultColumns columns;

  Staging(Dialect dialect, Bookkeeping books, TableName staging, ResultColumns columns) {
    this.dialect = dialect;
    this.books = books;
    this.staging = staging;
    this.columns = columns;
  }

  void stage(Connection connection, Chunk chunk) throws SQLException, FencedException {
    for (Map.Entry<Integer, Chunk.Advance> advance : chunk.advances().entrySet()) {
      books.advance(connection, advance.getKey(), advance.getValue());
    }
    if (chunk.isEmpty()) {
      return;
    }
    Map<Key, ShareBooks> known = known(connection, chunk);
    List<ShareBooks> changed = new ArrayList<>();
    List<SharePart> kept = new ArrayList<>();
    for (SharePart part : chunk.parts()) {
      ShareBooks before =
          known.getOrDefault(
              new Key(part.batch(), part.share()), ShareBooks.none(part.batch(), part.share()));
      if (part.attempt() < before.attempt()) {
        continue; // Superseded before it came: attempts only grow.
      }
      if (before.attempt() > 0 && part.attempt() > before.attempt()) {
        deleteRows(connection, part.batch(), part.share());
      }
      refuseUnstorable(part);
      ShareBooks after = before.with(part);
      if (!after.equals(before)) {
        changed.add(after);
      }
      if (after.refusal().isEmpty()) {
        kept.add(part);
      }
    }
    books.stage(connection, changed);
    write(connection, kept);
  }

  private Map<Key, ShareBooks> known(Connection connection, Chunk chunk) throws SQLException {
    Comparator<Instant> order = Comparator.naturalOrder();
    Instant first = chunk.parts().stream().map(SharePart::batch).min(order).orElseThrow();
    Instant last = chunk.parts().stream().map(SharePart::batch).max(order).orElseThrow();
    Map<Key, ShareBooks> known = new HashMap<>();
    for (ShareBooks share : books.staged(connection, first, last)) {
      known.put(new Key(share.batch(), share.share()), share);
    }
    return known;
  }

  private void deleteRows(Connection connection, Instant batch, int share) throws SQLException {
    Sql.update(
        connection,
        "DELETE FROM " + staging.quoted() + " WHERE _tidemill_batch = ? AND _tidemill_share = ?",
        batch,
        share);
  }

  /** A value that the database can not hold stops its batch, not the batches behind it. */
  private void refuseUnstorable(SharePart part) {
    for (SharePart.Row row : part.rows()) {
      for (Column column : columns.result()) {
        Object value = row.values()[column.field()];
        Optional<String> refusal =
            value == null ? Optional.empty() : dialect.refusal(column, value);
        if (refusal.isPresent()) {
          part.refuse(
              "results partition %d, offset %d, column %s: %s"
                  .formatted(part.share(), row.offset(), column.name(), refusal.get()));
          return;
        }
      }
    }
  }

  private void write(Connection connection, List<SharePart> parts) throws SQLException {
    if (parts.stream().allMatch(part -> part.rows().isEmpty())) {
      return;
    }
    try (RowWriter writer = dialect.writer(connection, staging, columns.ofStaging())) {
      for (SharePart part : parts) {
        for (SharePart.Row row : part.rows()) {
          writer.write(part.batch(), part.share(), part.attempt(), row.offset(), row.values());
        }
      }
      writer.finish();
    }
  }
}
