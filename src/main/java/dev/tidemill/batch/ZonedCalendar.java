package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * A recurrence of local times in a time zone. Immutable and thread-safe.
 *
 * <p>A boundary that the clock skips in spring moves to the moment of the change, and boundaries
 * that meet there are one: the hour that does not exist is no batch, and a day without midnight
 * begins with its first instant. A boundary that the clock repeats in autumn counts twice if the
 * recurrence has one in every hour (two batches of one hour each), otherwise only the first time (a
 * day of 25 hours).
 *
 * <p>The time line is read as <em>stretches</em> of constant offset between two transitions; the
 * cost of {@link #batchOf} grows with the number of transitions that its batch touches, a few a
 * year.
 *
 * @param recurrence the local times at which batches begin
 */
public record ZonedCalendar(Recurrence recurrence, ZoneId zone) implements Calendar {

  public ZonedCalendar {
    requireNonNull(recurrence, "recurrence");
    requireNonNull(zone, "zone");
  }

  @Override
  public Batch batchOf(Instant time) {
    return new Batch(latestBoundary(time), firstBoundaryAfter(time));
  }

  private Instant latestBoundary(Instant time) {
    ZoneRules rules = zone.getRules();
    Instant from = time;
    while (true) {
      ZoneOffset offset = rules.getOffset(from);
      LocalDateTime boundary = recurrence.floor(local(from, offset));
      Instant instant = boundary.toInstant(offset);
      ZoneOffsetTransition began = rules.previousTransition(from.plusNanos(1));
      if (began == null) {
        return instant;
      }
      if (!instant.isBefore(began.getInstant())) {
        if (!isSecondTime(boundary, began)) {
          return instant;
        }
      } else if (began.isGap() && !boundary.isBefore(began.getDateTimeBefore())) {
        return began.getInstant();
      }
      from = began.getInstant().minusNanos(1);
    }
  }

  private Instant firstBoundaryAfter(Instant time) {
    ZoneRules rules = zone.getRules();
    ZoneOffset offset = rules.getOffset(time);
    LocalDateTime local = local(time, offset);
    ZoneOffsetTransition began = rules.previousTransition(time.plusNanos(1));
    while (true) {
      LocalDateTime boundary = recurrence.next(local);
      if (began != null && isSecondTime(boundary, began)) {
        boundary = recurrence.next(began.getDateTimeBefore().minusNanos(1));
      }
      ZoneOffsetTransition ends =
          rules.nextTransition(began == null ? time : later(time, began.getInstant()));
      Instant instant = boundary.toInstant(offset);
      if (ends == null || instant.isBefore(ends.getInstant())) {
        return instant;
      }
      if (ends.isGap() && boundary.isBefore(ends.getDateTimeAfter())) {
        return ends.getInstant();
      }
      began = ends;
      offset = ends.getOffsetAfter();
      local = ends.getDateTimeAfter().minusNanos(1);
    }
  }

  /** Whether the stretch before {@code began} has had this boundary, and once is enough. */
  private boolean isSecondTime(LocalDateTime boundary, ZoneOffsetTransition began) {
    return !recurrence.everyHour()
        && began.isOverlap()
        && boundary.isBefore(began.getDateTimeBefore());
  }

  private static LocalDateTime local(Instant time, ZoneOffset offset) {
    return LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), offset);
  }

  private static Instant later(Instant a, Instant b) {
    return a.isBefore(b) ? b : a;
  }
}
