package dev.tidemill.extract;

/**
 * Where a row begins in its file.
 *
 * @param offset from 0: in bytes of the text, the byte at which the row's block begins (Avro), or
 *     how many rows are before it (Parquet)
 * @param behind how many rows of the block are before it
 * @param line from 1; of binary formats the number of the row
 */
record Place(long offset, long behind, long line) {
  static final Place START = new Place(0, 1);

  /** In a format without blocks. */
  Place(long offset, long line) {
    this(offset, 0, line);
  }
}
