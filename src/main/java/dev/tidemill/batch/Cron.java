package dev.tidemill.batch;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Year;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A cron of five fields (minute, hour, day of month, month, day of week), of six with a second in
 * front, or of seven with a year behind. A field is {@code *}, or a list of numbers, names, ranges
 * (which may go over the end: {@code 18-6}, {@code FRI-MON}) and steps; days may also be {@code L},
 * {@code LW}, {@code 15W}, {@code 5L} and {@code MON#2}. Immutable and thread-safe.
 *
 * <p>Days follow POSIX: if both the day of the month and the day of the week are restricted, a day
 * that matches either of them matches. A field is restricted unless it is {@code *} or {@code ?}.
 */
public final class Cron implements Recurrence {
  /** The days of so many years recur for ever. */
  private static final int YEARS_OF_THE_CALENDAR = 400;

  final BitSet seconds;
  final BitSet minutes;
  final BitSet hours;
  final List<CronDay> daysOfMonth;
  final BitSet months;
  final List<CronDay> daysOfWeek;
  final Optional<BitSet> years;

  /** Seconds of a day. */
  final BitSet times = new BitSet();

  private Cron(List<String> fields) {
    boolean hasSecond = fields.size() > 5;
    List<String> rest = hasSecond ? fields.subList(1, fields.size()) : fields;
    seconds = CronField.SECOND.values(hasSecond ? fields.get(0) : "0");
    minutes = CronField.MINUTE.values(rest.get(0));
    hours = CronField.HOUR.values(rest.get(1));
    daysOfMonth = days(rest.get(2), CronDay::ofMonth);
    months = CronField.MONTH.values(rest.get(3));
    daysOfWeek = days(rest.get(4), CronDay::ofWeek);
    years =
        rest.size() < 6 || isAll(rest.get(5))
            ? Optional.empty()
            : Optional.of(CronField.YEAR.values(rest.get(5)));
    hours.stream()
        .forEach(
            hour ->
                minutes.stream()
                    .forEach(
                        minute ->
                            seconds.stream()
                                .forEach(
                                    second ->
                                        times.set(
                                            LocalTime.of(hour, minute, second).toSecondOfDay()))));
  }

  /**
   * @throws IllegalArgumentException if it is not a cron, or no time ever matches it
   */
  public static Cron parse(String text) {
    List<String> fields = Stream.of(text.strip().split("\\s+")).toList();
    if (fields.size() < 5 || fields.size() > 7) {
      throw new IllegalArgumentException(
          "'%s' is not a cron: write five fields (minute hour day month weekday), six with a second in front, or seven with a year behind"
              .formatted(text));
    }
    Cron cron;
    try {
      cron = new Cron(fields);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'%s' is not a cron: %s".formatted(text, e.getMessage()));
    }
    if (!cron.everMatches()) {
      throw new IllegalArgumentException(
          "'%s' never happens: there is no such day".formatted(text));
    }
    return cron;
  }

  @Override
  public Optional<LocalDateTime> next(LocalDateTime time) {
    LocalDateTime from = time.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    LocalDate day = from.toLocalDate();
    int second = times.nextSetBit(from.toLocalTime().toSecondOfDay());
    if (second >= 0 && matches(day)) {
      return Optional.of(at(day, second));
    }
    return dayFrom(day.plusDays(1), lastYear()).map(found -> at(found, times.nextSetBit(0)));
  }

  @Override
  public Optional<LocalDateTime> floor(LocalDateTime time) {
    LocalDate day = time.toLocalDate();
    int second = times.previousSetBit(time.toLocalTime().toSecondOfDay());
    if (second >= 0 && matches(day)) {
      return Optional.of(at(day, second));
    }
    return dayUpTo(day.minusDays(1)).map(found -> at(found, times.length() - 1));
  }

  @Override
  public boolean isEndless() {
    return years.isEmpty();
  }

  @Override
  public boolean everyHour() {
    return hours.cardinality() == 24;
  }

  @Override
  public String inWords() {
    return new CronWords(this).toString();
  }

  private boolean everMatches() {
    int from = years.map(set -> set.nextSetBit(0)).orElse(2000);
    int to = years.isEmpty() ? from + YEARS_OF_THE_CALENDAR : lastYear();
    return dayFrom(LocalDate.of(from, 1, 1), to).isPresent();
  }

  private boolean matches(LocalDate date) {
    return matchesMonth(date) && matchesDay(date);
  }

  private boolean matchesMonth(LocalDate date) {
    return months.get(date.getMonthValue())
        && (years.isEmpty() || date.getYear() >= 0 && years.get().get(date.getYear()));
  }

  private boolean matchesDay(LocalDate date) {
    if (daysOfMonth.isEmpty() && daysOfWeek.isEmpty()) {
      return true;
    }
    return daysOfMonth.stream().anyMatch(day -> day.matches(date))
        || daysOfWeek.stream().anyMatch(day -> day.matches(date));
  }

  private Optional<LocalDate> dayFrom(LocalDate first, int lastYear) {
    LocalDate day = first;
    while (day.getYear() <= lastYear) {
      if (!matchesMonth(day)) {
        day = day.withDayOfMonth(1).plusMonths(1);
      } else if (matchesDay(day)) {
        return Optional.of(day);
      } else {
        day = day.plusDays(1);
      }
    }
    return Optional.empty();
  }

  private Optional<LocalDate> dayUpTo(LocalDate last) {
    int firstYear = years.map(set -> set.nextSetBit(0)).orElse(Year.MIN_VALUE);
    LocalDate day = last;
    while (day.getYear() >= firstYear) {
      if (!matchesMonth(day)) {
        day = day.withDayOfMonth(1).minusDays(1);
      } else if (matchesDay(day)) {
        return Optional.of(day);
      } else {
        day = day.minusDays(1);
      }
    }
    return Optional.empty();
  }

  private int lastYear() {
    return years.map(set -> set.length() - 1).orElse(Year.MAX_VALUE);
  }

  /** Empty: not restricted. */
  private static List<CronDay> days(String field, Function<String, CronDay> element) {
    List<CronDay> days = new ArrayList<>();
    if (!isAll(field)) {
      for (String part : field.toUpperCase(Locale.ROOT).split(",", -1)) {
        days.add(element.apply(part));
      }
    }
    return List.copyOf(days);
  }

  private static boolean isAll(String field) {
    return field.equals("*") || field.equals("?");
  }

  private static LocalDateTime at(LocalDate day, int second) {
    return day.atTime(LocalTime.ofSecondOfDay(second));
  }
}
