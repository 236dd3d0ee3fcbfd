package dev.tidemill.extract;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * The time of schedules.
 *
 * @param nanos since some moment, by a clock that does not jump
 * @param start of this instance: what {@code @reboot} means
 */
record Timing(Clock clock, LongSupplier nanos, Instant start) {
  Timing {
    requireNonNull(clock, "clock");
    requireNonNull(nanos, "nanos");
    requireNonNull(start, "start");
  }

  Timing withNanos(LongSupplier other) {
    return new Timing(clock, other, start);
  }

  static Timing startingNow(Clock clock) {
    return new Timing(clock, System::nanoTime, clock.instant());
  }
}
