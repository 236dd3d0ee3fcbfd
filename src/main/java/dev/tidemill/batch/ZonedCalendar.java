package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.ZoneId;

/**
 * Batches that begin at the local times of a recurrence in a time zone. Immutable and thread-safe.
 *
 * <p>A boundary that the clock skips in spring moves to the moment of the change, and boundaries
 * that meet there are one: the hour that does not exist is no batch, and a day without midnight
 * begins with its first instant. A boundary that the clock repeats in autumn counts twice if the
 * recurrence has one in every hour (two batches of one hour each), otherwise only the first time (a
 * day of 25 hours).
 *
 * @param boundaries at which a batch begins
 */
public record ZonedCalendar(ZonedSchedule boundaries) implements Calendar {

  /**
   * @throws IllegalArgumentException if there is a last boundary
   */
  public ZonedCalendar {
    requireNonNull(boundaries, "boundaries");
    if (!boundaries.recurrence().isEndless()) {
      throw new IllegalArgumentException("batches have to go on, and years end");
    }
  }

  public ZonedCalendar(Recurrence recurrence, ZoneId zone) {
    this(new ZonedSchedule(recurrence, zone));
  }

  @Override
  public Batch batchOf(Instant time) {
    return new Batch(boundaries.floor(time).orElseThrow(), boundaries.next(time).orElseThrow());
  }
}
