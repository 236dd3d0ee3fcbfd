package dev.tidemill.extract;

import dev.tidemill.definition.Rate;
import java.util.concurrent.TimeUnit;

/**
 * A token bucket that holds what a second is worth: whoever was slower before may be so much
 * faster, and no more. Thread-safe.
 */
final class Pace {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Rate rate;

  /** When all that was published would be, at the rate itself. */
  private long due;

  /**
   * @param now of {@link System#nanoTime}, as all times here
   */
  Pace(Rate rate, long now) {
    this.rate = rate;
    this.due = now;
  }

  Rate rate() {
    return rate;
  }

  /**
   * Rows were published.
   *
   * @return for how many nanoseconds no more should be; 0 or less: for none
   */
  synchronized long published(long rows, long now) {
    due = (now - due > SECOND ? now - SECOND : due) + rate.nanos(rows);
    return due - now;
  }
}
