package dev.tidemill.extract;

/**
 * Where a row begins in its file.
 *
 * @param offset in bytes, from 0
 * @param line from 1
 */
record Place(long offset, long line) {
  static final Place START = new Place(0, 1);
}
