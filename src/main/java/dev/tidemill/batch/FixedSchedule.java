package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A firing every so often, counted from 1970-01-01T00:00Z: so all processes agree on them, and a
 * start anew changes none.
 *
 * @param calendar whose boundaries are the firings
 */
public record FixedSchedule(FixedCalendar calendar) implements Schedule {
  public FixedSchedule {
    requireNonNull(calendar, "calendar");
  }

  /**
   * @throws IllegalArgumentException as {@link FixedCalendar}
   */
  public static FixedSchedule every(Duration length) {
    return new FixedSchedule(new FixedCalendar(length, Duration.ZERO));
  }

  @Override
  public Optional<Instant> next(Instant time) {
    return Optional.of(calendar.batchOf(time).end());
  }

  @Override
  public Optional<Instant> floor(Instant time) {
    return Optional.of(calendar.batchOf(time).start());
  }
}
