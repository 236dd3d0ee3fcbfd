package dev.tidemill.batch;

import java.time.LocalDateTime;
import java.util.Optional;

/**
 * A set of local times, such as those that a cron matches. It knows nothing of time zones: {@link
 * ZonedSchedule} puts it into one. Implementations are immutable and thread-safe.
 */
public interface Recurrence {

  /** The latest time at or before {@code time}. */
  Optional<LocalDateTime> floor(LocalDateTime time);

  /** The first one after {@code time}. */
  Optional<LocalDateTime> next(LocalDateTime time);

  /** Whether there is always a {@link #floor} and a {@link #next}. */
  boolean isEndless();

  /**
   * Whether every hour of a day that has any has one. If so, an hour that the clock repeats in
   * autumn is two hours; otherwise what is repeated counts once.
   */
  boolean everyHour();

  /** For people, such as {@code every weekday at 06:30}. */
  String inWords();
}
