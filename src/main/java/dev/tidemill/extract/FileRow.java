package dev.tidemill.extract;

import dev.tidemill.schema.DecodeException;

/** One row of a file. */
interface FileRow {
  /** Where it begins. */
  Place place();

  /** Where the next one begins. */
  Place next();

  /** What is kept of it if it is a reject. */
  byte[] raw();

  /**
   * One value per field of the source's schema.
   *
   * @throws DecodeException if it does not fit; names the column, if it is one's, and the reason
   */
  Object[] values() throws DecodeException;
}
