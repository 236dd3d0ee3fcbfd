package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
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

  /**
   * A distance between two values of the first cursor column; either {@code time} or {@code count}
   * is 0.
   *
   * @param time of a date or timestamp
   * @param count of a number
   */
  public record Overlap(Duration time, long count) {
    public static final Overlap NONE = new Overlap(Duration.ZERO, 0);

    public Overlap {
      if (time.isNegative() || count < 0 || !time.isZero() && count > 0) {
        throw new IllegalArgumentException("no overlap: " + time + ", " + count);
      }
    }

    public boolean isNone() {
      return time.isZero() && count == 0;
    }
  }

  /** For people. */
  public String summary() {
    return isQuery ? "query" : "table " + text;
  }
}
