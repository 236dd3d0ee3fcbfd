package dev.tidemill.batch;

import java.time.LocalDateTime;

/**
 * A set of local times at which batches begin, without end in both directions. It knows nothing of
 * time zones: {@link ZonedCalendar} puts it into one. Implementations are immutable and
 * thread-safe.
 */
public interface Recurrence {

  /** The latest boundary at or before {@code time}. */
  LocalDateTime floor(LocalDateTime time);

  /** The first boundary after {@code time}. */
  LocalDateTime next(LocalDateTime time);

  /**
   * Whether every hour of a day that has boundaries has one. If so, an hour that the clock repeats
   * in autumn begins twice; otherwise a repeated boundary counts once.
   */
  boolean everyHour();
}
