package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;

/**
 * The half-open event-time interval {@code [start, end)} of one pipeline. Immutable.
 *
 * @param start the first instant that belongs to the batch; also its identity
 * @param end the first instant that no longer belongs to it
 */
public record Batch(Instant start, Instant end) implements Comparable<Batch> {

  /**
   * @throws IllegalArgumentException if the interval is empty or negative
   */
  public Batch {
    requireNonNull(start, "start");
    requireNonNull(end, "end");
    if (!start.isBefore(end)) {
      throw new IllegalArgumentException("batch must end after it starts: " + start + " .. " + end);
    }
  }

  /** The start instant in UTC, ISO-8601: what people and files call the batch by. */
  public String id() {
    return start.toString();
  }

  public boolean contains(Instant time) {
    return !time.isBefore(start) && time.isBefore(end);
  }

  public Duration length() {
    return Duration.between(start, end);
  }

  @Override
  public int compareTo(Batch other) {
    return start.compareTo(other.start);
  }

  @Override
  public String toString() {
    return "[" + start + ", " + end + ")";
  }
}
