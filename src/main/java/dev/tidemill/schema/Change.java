package dev.tidemill.schema;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/** What one record says of its relation: that a row is there, or that it is gone. */
public sealed interface Change {

  /**
   * A new row, or the new state of one.
   *
   * @param row one value per field of the source's schema
   */
  record Row(Object[] row) implements Change {
    public Row {
      requireNonNull(row, "row");
    }
  }

  /**
   * The row of the record's key is deleted.
   *
   * @param before the row as it was, as far as the record tells: what it leaves out is null,
   *     whether or not the schema allows that; empty for a tombstone, which has only a key
   */
  record Deletion(Optional<Object[]> before) implements Change {
    public static final Deletion TOMBSTONE = new Deletion(Optional.empty());

    public Deletion {
      requireNonNull(before, "before");
    }
  }
}
