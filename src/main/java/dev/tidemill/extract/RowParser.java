package dev.tidemill.extract;

import dev.tidemill.schema.DecodeException;

/** Turns the rows of one file into rows of the schema. Not thread-safe. */
interface RowParser {

  /**
   * @param bytes of a {@link RawRow}
   * @throws DecodeException if it does not fit the schema; names the column and the reason
   */
  Object[] parse(byte[] bytes) throws DecodeException;
}
