package dev.tidemill.extract;

import java.io.IOException;
import java.util.Optional;

/** Cuts a text into rows without understanding them. Not thread-safe. */
interface RawRows extends AutoCloseable {

  /** The next row; empty at the end of the file. */
  Optional<RawRow> next() throws IOException;

  /** Where the next row begins; at the end, the end. */
  Place place();

  @Override
  void close() throws IOException;
}
