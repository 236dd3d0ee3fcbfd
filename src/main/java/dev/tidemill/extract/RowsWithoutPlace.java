package dev.tidemill.extract;

import dev.tidemill.events.EventType;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of rows that are not read since they have a NULL in the columns of the order: in the log
 * and by an event, whenever there are more or fewer. Not thread-safe.
 */
final class RowsWithoutPlace {
  private static final Logger LOG = LoggerFactory.getLogger(RowsWithoutPlace.class);

  /** Without an index each count reads everything: then it is left out of most looks. */
  private static final int MOST_OF_THE_TIME = 20;

  private final String source;
  private long known;
  private long nextNanos = System.nanoTime();

  /**
   * @param source for messages
   */
  RowsWithoutPlace(String source) {
    this.source = source;
  }

  /** Counts them, but for a twentieth of the time at most. */
  void count(JdbcQuery query, Connection connection, Publication out) throws SQLException {
    long began = System.nanoTime();
    if (query.nullable().isEmpty() || began - nextNanos < 0) {
      return;
    }
    long rows = query.rowsWithoutPlace(connection);
    long now = System.nanoTime();
    nextNanos = now + MOST_OF_THE_TIME * (now - began);
    if (rows == known) {
      return;
    }
    known = rows;
    if (rows == 0) {
      LOG.info("Source {}: there are no more rows with a NULL in {}", source, query.nullable());
    } else {
      LOG.warn(
          "Source {}: {} rows have a NULL in {}, by which rows are read in order: they are not read"
              + " until they have a value, and a start would be refused",
          source,
          rows,
          query.nullable());
    }
    out.tell(EventType.EXTRACT_WITHOUT_PLACE).with("rows", rows).emit();
  }
}
