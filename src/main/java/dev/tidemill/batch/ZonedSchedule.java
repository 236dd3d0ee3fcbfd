package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;

/**
 * A recurrence of local times in a time zone. Immutable and thread-safe.
 *
 * <p>The time line is read as <em>stretches</em> of constant offset between two transitions; the
 * cost of an answer grows with the number of transitions on the way to it, a few a year.
 *
 * @param recurrence the local times of the firings
 * @param skipped what becomes of times that the clock skips in spring
 * @param repeated what becomes of times that the clock repeats in autumn
 */
public record ZonedSchedule(
    Recurrence recurrence, ZoneId zone, SkippedHour skipped, RepeatedHour repeated)
    implements Schedule {

  /** No zone has turned its clock back further. */
  private static final int DAYS_OF_A_TURN_BACK = 2;

  /** What becomes of times that the clock skips. */
  public enum SkippedHour {
    /** They are one firing at the moment of the change. */
    RUN_AT_ONCE,
    /** They do not happen. */
    SKIP
  }

  /** Which of the two times that read the same counts. */
  public enum RepeatedHour {
    FIRST,
    SECOND,
    BOTH
  }

  public ZonedSchedule {
    requireNonNull(recurrence, "recurrence");
    requireNonNull(zone, "zone");
    requireNonNull(skipped, "skipped");
    requireNonNull(repeated, "repeated");
  }

  /**
   * As crons have always done it: what was skipped runs at once, and the repeated hour counts twice
   * if there is a firing in every hour of the day, otherwise the first time only.
   */
  public ZonedSchedule(Recurrence recurrence, ZoneId zone) {
    this(recurrence, zone, SkippedHour.RUN_AT_ONCE, usual(recurrence));
  }

  /** What {@link #repeated} is if nobody says it. */
  public static RepeatedHour usual(Recurrence recurrence) {
    return recurrence.everyHour() ? RepeatedHour.BOTH : RepeatedHour.FIRST;
  }

  @Override
  public Optional<Instant> next(Instant time) {
    Stretch stretch = stretch(time);
    LocalDateTime after = stretch.local(time);
    while (true) {
      LocalDateTime earliest = stretch.first().minusNanos(1);
      Optional<LocalDateTime> found = recurrence.next(after.isBefore(earliest) ? earliest : after);
      if (found.isPresent() && !found.get().isAfter(stretch.last())) {
        return found.map(stretch::instant);
      }
      if (stretch.ends == null || recurrence.next(after.minusDays(DAYS_OF_A_TURN_BACK)).isEmpty()) {
        return Optional.empty();
      }
      if (runsAt(stretch.ends)) {
        return Optional.of(stretch.ends.getInstant());
      }
      after = stretch.ends.getDateTimeAfter().minusNanos(1);
      stretch = stretch(stretch.ends.getInstant());
    }
  }

  @Override
  public Optional<Instant> floor(Instant time) {
    Stretch stretch = stretch(time);
    LocalDateTime upTo = stretch.local(time);
    while (true) {
      LocalDateTime latest = stretch.last();
      Optional<LocalDateTime> found = recurrence.floor(upTo.isAfter(latest) ? latest : upTo);
      if (found.isPresent() && !found.get().isBefore(stretch.first())) {
        return found.map(stretch::instant);
      }
      if (stretch.began == null || recurrence.floor(upTo.plusDays(DAYS_OF_A_TURN_BACK)).isEmpty()) {
        return Optional.empty();
      }
      if (runsAt(stretch.began)) {
        return Optional.of(stretch.began.getInstant());
      }
      upTo = stretch.began.getDateTimeBefore().minusNanos(1);
      stretch = stretch(stretch.began.getInstant().minusNanos(1));
    }
  }

  /** Whether a time was skipped that runs at once. */
  private boolean runsAt(ZoneOffsetTransition transition) {
    return skipped == SkippedHour.RUN_AT_ONCE
        && transition.isGap()
        && recurrence
            .next(transition.getDateTimeBefore().minusNanos(1))
            .filter(transition.getDateTimeAfter()::isAfter)
            .isPresent();
  }

  private Stretch stretch(Instant time) {
    ZoneRules rules = zone.getRules();
    return new Stretch(
        rules.getOffset(time),
        rules.previousTransition(time.plusNanos(1)),
        rules.nextTransition(time));
  }

  /** Between two transitions, which are null where the time line has no more. */
  private final class Stretch {
    private final ZoneOffset offset;
    private final ZoneOffsetTransition began;
    private final ZoneOffsetTransition ends;

    private Stretch(ZoneOffset offset, ZoneOffsetTransition began, ZoneOffsetTransition ends) {
      this.offset = offset;
      this.began = began;
      this.ends = ends;
    }

    /** The first local time that counts; times before it are the second of their name. */
    private LocalDateTime first() {
      if (began == null) {
        return LocalDateTime.MIN.plusNanos(1);
      }
      return began.isOverlap() && repeated == RepeatedHour.FIRST
          ? began.getDateTimeBefore()
          : began.getDateTimeAfter();
    }

    /** The last local time that counts; times behind it are the first of their name. */
    private LocalDateTime last() {
      if (ends == null) {
        return LocalDateTime.MAX;
      }
      return (ends.isOverlap() && repeated == RepeatedHour.SECOND
              ? ends.getDateTimeAfter()
              : ends.getDateTimeBefore())
          .minusNanos(1);
    }

    private LocalDateTime local(Instant time) {
      return LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), offset);
    }

    private Instant instant(LocalDateTime local) {
      return local.toInstant(offset);
    }
  }
}
