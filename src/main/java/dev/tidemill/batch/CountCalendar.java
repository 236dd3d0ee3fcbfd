package dev.tidemill.batch;

import java.time.Duration;
import java.time.Instant;

/**
 * Batches of so many records of each source partition. Its line is no time: it counts batches, one
 * a second from 1970-01-01T00:00Z on. Batch {@code i} has the records {@code i * records} to {@code
 * (i + 1) * records - 1} of each partition, counted from 0, and starts at second {@code i}.
 * Immutable and thread-safe.
 *
 * @param records of one partition in a batch
 */
public record CountCalendar(long records) implements Calendar {
  private static final FixedCalendar LINE = new FixedCalendar(Duration.ofSeconds(1), Duration.ZERO);

  /**
   * How long after its end, on this line, a batch can be queried: a hundred batches. None is late,
   * so it need not be kept for other reasons.
   */
  public static final Duration KEEP = Duration.ofSeconds(100);

  /**
   * @throws IllegalArgumentException if there is not one record in a batch
   */
  public CountCalendar {
    if (records < 1) {
      throw new IllegalArgumentException("a batch has at least one record: " + records);
    }
  }

  /**
   * Where a partition stands after so many records: at the start of the batch in which the next one
   * is.
   *
   * @return ms since the epoch
   */
  public long at(long recordsBefore) {
    return Duration.ofSeconds(recordsBefore / records).toMillis();
  }

  @Override
  public Batch batchOf(Instant time) {
    return LINE.batchOf(time);
  }
}
