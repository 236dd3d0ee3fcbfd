package dev.tidemill.definition;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.tidemill.batch.Recurrence;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A UNIX cron of five fields. cron-utils only ever sees UTC, which stands for local time here:
 * changes of the clock are {@link dev.tidemill.batch.ZonedCalendar}'s business, by its own rule.
 * Immutable and thread-safe.
 */
final class CronRecurrence implements Recurrence {
  private static final LocalDateTime SOME_DAY = LocalDateTime.of(2000, 1, 1, 0, 0);

  private final ExecutionTime times;
  private final boolean everyHour;

  private CronRecurrence(ExecutionTime times) {
    this.times = times;
    this.everyHour = matchesEveryHour();
  }

  /**
   * @throws IllegalArgumentException if it is not a cron, or no time ever matches it
   */
  static CronRecurrence parse(String cron) {
    ExecutionTime times;
    try {
      times =
          ExecutionTime.forCron(
              new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX))
                  .parse(cron));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'%s' is not a cron of five fields (minute hour day month weekday): %s"
              .formatted(cron, reason(e)));
    }
    if (times.nextExecution(utc(SOME_DAY)).isEmpty()) {
      throw new IllegalArgumentException(
          "'%s' never happens: there is no such day".formatted(cron));
    }
    return new CronRecurrence(times);
  }

  @Override
  public LocalDateTime floor(LocalDateTime time) {
    // The library answers strictly before, and boundaries are whole minutes.
    LocalDateTime after = time.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
    return found(times.lastExecution(utc(after)), time);
  }

  @Override
  public LocalDateTime next(LocalDateTime time) {
    return found(times.nextExecution(utc(time)), time);
  }

  @Override
  public boolean everyHour() {
    return everyHour;
  }

  /** The fields of a cron do not depend on each other, so one of its days speaks for all. */
  private boolean matchesEveryHour() {
    LocalDate day = next(SOME_DAY).toLocalDate();
    for (int hour = 0; hour < 24; hour++) {
      LocalDateTime start = day.atTime(hour, 0);
      if (!next(start.minusNanos(1)).isBefore(start.plusHours(1))) {
        return false;
      }
    }
    return true;
  }

  private static String reason(IllegalArgumentException e) {
    return e.getMessage().replaceFirst("^Failed to parse cron expression\\. ", "");
  }

  private static ZonedDateTime utc(LocalDateTime time) {
    return time.atZone(ZoneOffset.UTC);
  }

  private static LocalDateTime found(Optional<ZonedDateTime> boundary, LocalDateTime time) {
    return boundary
        .orElseThrow(() -> new DateTimeException("no boundary of the cron near " + time))
        .toLocalDateTime();
  }
}
