package dev.tidemill.sql;

import java.util.Map;

/**
 * Which columns tell times, so that a statement can ask for a table as it was: {@code FOR
 * SYSTEM_TIME AS OF}. Immutable.
 *
 * @param streams by the stream's name the column of its event time, if it is a column or, by a path
 *     with dots, of a record in one
 * @param versioned by the table's name the column of its key; of those tables whose versions are
 *     kept
 */
public record EventTimes(Map<String, String> streams, Map<String, String> versioned) {
  /** No table has versions. */
  public static final EventTimes NONE = new EventTimes(Map.of(), Map.of());

  public EventTimes {
    streams = Map.copyOf(streams);
    versioned = Map.copyOf(versioned);
  }
}
