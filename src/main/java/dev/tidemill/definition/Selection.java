package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * Which rows of a database are read, and in which order.
 *
 * @param text the name of a table, or a query
 * @param primaryKey columns that tell rows apart; empty: those of the table's primary key
 * @param cursor columns by which rows that are new or changed come last; empty: all rows are read
 *     once
 * @param overlap how far behind the last row one may still come; empty: as its column's type
 *     suggests
 */
public record Selection(
    String text,
    boolean isQuery,
    List<String> primaryKey,
    List<String> cursor,
    Optional<Overlap> overlap) {

  public Selection {
    requireNonNull(text, "text");
    requireNonNull(overlap, "overlap");
    primaryKey = List.copyOf(primaryKey);
    cursor = List.copyOf(cursor);
    if (isQuery && primaryKey.isEmpty()) {
      throw new IllegalArgumentException("nobody knows the primary key of a query");
    }
  }

  /** For people. */
  public String summary() {
    return isQuery ? "query" : "table " + text;
  }
}
