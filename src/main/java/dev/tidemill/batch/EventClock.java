package dev.tidemill.batch;

import java.time.Duration;

/**
 * The largest permitted event time that one source partition has shown so far. Immutable; {@link
 * #advance} gives the next state. It never moves back, and starts without a time: then no batch is
 * over, whatever its date.
 *
 * @param time ms since the epoch, or {@link #NO_TIME}; this is also what a store keeps
 */
public record EventClock(long time) {

  /** What {@link #time} is before the first record. Not an event time. */
  public static final long NO_TIME = Long.MIN_VALUE;

  /** The clock of a partition that has shown no permitted event time yet. */
  public static final EventClock UNSET = new EventClock(NO_TIME);

  public boolean hasTime() {
    return time != NO_TIME;
  }

  /**
   * The clock after a record with this event time, whatever the record's verdict (rule 4).
   *
   * @param eventTime ms since the epoch
   * @throws IllegalArgumentException if {@code eventTime} is {@link #NO_TIME}
   */
  public EventClock advance(long eventTime) {
    if (eventTime == NO_TIME) {
      throw new IllegalArgumentException("not an event time: " + eventTime);
    }
    return eventTime > time ? new EventClock(eventTime) : this;
  }

  /** Whether {@code batch.end + grace <= clock}: a record of the batch that comes now is late. */
  public boolean isOver(Batch batch, Duration grace) {
    return isPast(batch.end().plus(grace).toEpochMilli());
  }

  /**
   * Whether the clock has reached an instant.
   *
   * @param instant ms since the epoch
   */
  public boolean isPast(long instant) {
    return hasTime() && time >= instant;
  }
}
