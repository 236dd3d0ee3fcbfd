package dev.tidemill.batch;

import static java.time.DayOfWeek.SUNDAY;
import static java.time.temporal.ChronoUnit.DAYS;
import static java.time.temporal.ChronoUnit.HOURS;
import static java.time.temporal.ChronoUnit.MINUTES;
import static java.time.temporal.ChronoUnit.SECONDS;
import static java.time.temporal.TemporalAdjusters.previousOrSame;

import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The intervals that have a name of their own, as cron has them. */
public enum Macro implements Recurrence {
  SECONDLY(
      "every second", List.of("@secondly"), t -> t.truncatedTo(SECONDS), t -> t.plusSeconds(1)),
  MINUTELY(
      "every minute", List.of("@minutely"), t -> t.truncatedTo(MINUTES), t -> t.plusMinutes(1)),
  HOURLY("every hour", List.of("@hourly"), t -> t.truncatedTo(HOURS), t -> t.plusHours(1)),
  DAILY(
      "every day at 00:00",
      List.of("@daily", "@midnight"),
      t -> t.truncatedTo(DAYS),
      t -> t.plusDays(1)),
  /** From Sunday to Sunday, as cron's {@code 0 0 * * 0}. */
  WEEKLY(
      "every Sunday at 00:00",
      List.of("@weekly"),
      t -> t.truncatedTo(DAYS).with(previousOrSame(SUNDAY)),
      t -> t.plusWeeks(1)),
  MONTHLY(
      "on the 1st of every month at 00:00",
      List.of("@monthly"),
      t -> t.truncatedTo(DAYS).withDayOfMonth(1),
      t -> t.plusMonths(1)),
  YEARLY(
      "on 1 January at 00:00",
      List.of("@yearly", "@annually"),
      t -> t.truncatedTo(DAYS).withDayOfYear(1),
      t -> t.plusYears(1));

  private final String words;
  private final List<String> spellings;
  private final UnaryOperator<LocalDateTime> floor;
  private final UnaryOperator<LocalDateTime> step;

  Macro(
      String words,
      List<String> spellings,
      UnaryOperator<LocalDateTime> floor,
      UnaryOperator<LocalDateTime> step) {
    this.words = words;
    this.spellings = spellings;
    this.floor = floor;
    this.step = step;
  }

  /** The macro that is written so, for example {@code @daily}. */
  public static Optional<Macro> written(String text) {
    return Arrays.stream(values()).filter(macro -> macro.spellings.contains(text)).findFirst();
  }

  /** Every way to write a macro. */
  public static List<String> allSpellings() {
    return Arrays.stream(values()).flatMap(macro -> macro.spellings.stream()).toList();
  }

  @Override
  public Optional<LocalDateTime> floor(LocalDateTime time) {
    return Optional.of(floor.apply(time));
  }

  @Override
  public Optional<LocalDateTime> next(LocalDateTime time) {
    return Optional.of(step.apply(floor.apply(time)));
  }

  @Override
  public boolean isEndless() {
    return true;
  }

  @Override
  public boolean everyHour() {
    return this == SECONDLY || this == MINUTELY || this == HOURLY;
  }

  @Override
  public String inWords() {
    return words;
  }
}
