package dev.tidemill.extract;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Instant;

/**
 * The time of schedules.
 *
 * @param start of this instance: what {@code @reboot} means
 */
record Timing(Clock clock, Instant start) {
  Timing {
    requireNonNull(clock, "clock");
    requireNonNull(start, "start");
  }

  static Timing startingNow(Clock clock) {
    return new Timing(clock, clock.instant());
  }
}
