package dev.tidemill.batch;

import static java.time.temporal.TemporalAdjusters.lastDayOfMonth;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One element of a cron's two fields for days: which days it means. */
sealed interface CronDay {
  Pattern NEAREST = Pattern.compile("([0-9]{1,4})W");
  Pattern NTH = Pattern.compile("([0-9A-Z]+)#([0-9]{1,4})");
  Pattern LAST = Pattern.compile("([0-9A-Z]+)L");

  boolean matches(LocalDate date);

  /** Days of the month by number. */
  record OfMonth(BitSet days) implements CronDay {
    @Override
    public boolean matches(LocalDate date) {
      return days.get(date.getDayOfMonth());
    }
  }

  /** Days of the week; Sunday is 0. */
  record OfWeek(BitSet days) implements CronDay {
    @Override
    public boolean matches(LocalDate date) {
      return days.get(number(date.getDayOfWeek()));
    }
  }

  /** {@code L}. */
  record LastOfMonth() implements CronDay {
    @Override
    public boolean matches(LocalDate date) {
      return date.getDayOfMonth() == date.lengthOfMonth();
    }
  }

  /** {@code LW}: the last day of the month that is no Saturday or Sunday. */
  record LastWeekday() implements CronDay {
    @Override
    public boolean matches(LocalDate date) {
      return date.equals(nearestWeekday(date.with(lastDayOfMonth())));
    }
  }

  /**
   * {@code 15W}: the day of the same month nearest to it that is no Saturday or Sunday. A month
   * without the day has none.
   */
  record NearestWeekday(int day) implements CronDay {
    @Override
    public boolean matches(LocalDate date) {
      return day <= date.lengthOfMonth() && date.equals(nearestWeekday(date.withDayOfMonth(day)));
    }
  }

  /** {@code MON#2}: the second Monday of the month. */
  record NthOfMonth(DayOfWeek day, int nth) implements CronDay {
    @Override
    public boolean matches(LocalDate date) {
      return date.getDayOfWeek() == day && (date.getDayOfMonth() + 6) / 7 == nth;
    }
  }

  /** {@code 5L}: the last Friday of the month. */
  record LastDayOfWeek(DayOfWeek day) implements CronDay {
    @Override
    public boolean matches(LocalDate date) {
      return date.getDayOfWeek() == day && date.getDayOfMonth() > date.lengthOfMonth() - 7;
    }
  }

  /**
   * @param element in upper case
   * @throws IllegalArgumentException if there is no such day
   */
  static CronDay ofMonth(String element) {
    if (element.equals("L")) {
      return new LastOfMonth();
    }
    if (element.equals("LW") || element.equals("WL")) {
      return new LastWeekday();
    }
    Matcher nearest = NEAREST.matcher(element);
    if (nearest.matches()) {
      return new NearestWeekday(CronField.DAY_OF_MONTH.value(nearest.group(1)));
    }
    return new OfMonth(CronField.DAY_OF_MONTH.values(element));
  }

  /**
   * @param element in upper case
   * @throws IllegalArgumentException if there is no such day
   */
  static CronDay ofWeek(String element) {
    if (element.equals("L")) {
      throw new IllegalArgumentException(
          "'L' needs a day of the week, such as 5L for the last Friday of the month");
    }
    Matcher nth = NTH.matcher(element);
    if (nth.matches()) {
      if (!nth.group(2).matches("[1-5]")) {
        throw new IllegalArgumentException(
            "'%s' is no week of a month; write #1 to #5".formatted("#" + nth.group(2)));
      }
      return new NthOfMonth(dayOfWeek(nth.group(1)), Integer.parseInt(nth.group(2)));
    }
    Matcher last = LAST.matcher(element);
    if (last.matches()) {
      return new LastDayOfWeek(dayOfWeek(last.group(1)));
    }
    return new OfWeek(CronField.DAY_OF_WEEK.values(element));
  }

  private static DayOfWeek dayOfWeek(String text) {
    int number = CronField.DAY_OF_WEEK.value(text);
    return DayOfWeek.of(number == 0 ? 7 : number);
  }

  private static int number(DayOfWeek day) {
    return day.getValue() % 7;
  }

  private static LocalDate nearestWeekday(LocalDate date) {
    return switch (date.getDayOfWeek()) {
      case SATURDAY -> date.getDayOfMonth() == 1 ? date.plusDays(2) : date.minusDays(1);
      case SUNDAY ->
          date.getDayOfMonth() == date.lengthOfMonth() ? date.minusDays(2) : date.plusDays(1);
      default -> date;
    };
  }
}
