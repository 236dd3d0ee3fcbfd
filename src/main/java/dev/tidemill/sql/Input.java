package dev.tidemill.sql;

import java.util.Optional;

/**
 * What the shares of a batch hold of one part of a statement: the groups of an aggregation, or
 * rows. Thread-safe.
 */
public interface Input {

  /** Empty if the shares hold the rows as they are. */
  Optional<Aggregation> aggregation();

  /**
   * Rows of which these bytes are equal must be in one share.
   *
   * @param row as a branch's operator made it
   * @return empty if rows may be in any share (groups are one where their key is)
   */
  Optional<byte[]> meetingKey(Object[] row);

  /** Whether all of its rows and groups have to be in the one share that has the whole batch. */
  boolean isTogether();

  /** A row as the shares keep it. */
  byte[] encode(Object[] row);

  /** What {@link #encode} wrote. */
  Object[] decode(byte[] bytes);
}
