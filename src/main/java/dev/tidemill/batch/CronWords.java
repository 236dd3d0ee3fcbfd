package dev.tidemill.batch;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.Month;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** Says in English what a cron means. */
final class CronWords {
  /** More times of a day than these are told as a rule, not as a list. */
  private static final int LISTED_TIMES = 6;

  /** So many numbers in a row, or at one distance, are told as such. */
  private static final int PATTERN = 3;

  private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("HH:mm");
  private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss");

  private final Cron cron;

  CronWords(Cron cron) {
    this.cron = cron;
  }

  @Override
  public String toString() {
    boolean listed = cron.times.cardinality() <= LISTED_TIMES;
    String days = days();
    String years = cron.years.map(set -> ", in " + numbers(set, Integer::toString)).orElse("");
    if (listed) {
      return (days.isEmpty() ? "every day" + months(" in ") : days) + " at " + times() + years;
    }
    return rhythm() + (days.isEmpty() ? months(", in ") : ", " + days) + years;
  }

  private String times() {
    return list(
        cron.times.stream()
            .mapToObj(LocalTime::ofSecondOfDay)
            .map(time -> (time.getSecond() == 0 ? MINUTES : SECONDS).format(time))
            .toList());
  }

  /** What happens more often than can be listed. */
  private String rhythm() {
    boolean atZero = cron.seconds.cardinality() == 1 && cron.seconds.get(0);
    if (!atZero) {
      String minutes =
          isAll(cron.minutes, CronField.MINUTE)
              ? isAll(cron.hours, CronField.HOUR) ? "" : " of every minute"
              : within(cron.minutes, CronField.MINUTE);
      return every(cron.seconds, CronField.SECOND) + minutes + hours(cron.hours);
    }
    if (cron.minutes.cardinality() == 1 && cron.minutes.get(0)) {
      Optional<Integer> step = step(cron.hours, CronField.HOUR);
      if (step.isPresent() || isAll(cron.hours, CronField.HOUR)) {
        return every(cron.hours, CronField.HOUR);
      }
    }
    boolean onTheMinute = !isAll(cron.minutes, CronField.MINUTE) && !hasStep(cron.minutes);
    return every(cron.minutes, CronField.MINUTE)
        + (onTheMinute && isAll(cron.hours, CronField.HOUR) ? " of every hour" : hours(cron.hours));
  }

  private static boolean hasStep(BitSet minutes) {
    return step(minutes, CronField.MINUTE).isPresent();
  }

  private static String hours(BitSet hours) {
    return isAll(hours, CronField.HOUR) ? "" : within(hours, CronField.HOUR);
  }

  /** {@code every minute}, {@code every 5 minutes} or {@code at minutes 5 and 20}. */
  private static String every(BitSet set, CronField field) {
    if (isAll(set, field)) {
      return "every " + field.title();
    }
    return step(set, field)
        .map(step -> "every " + step + " " + field.title() + "s")
        .orElseGet(
            () ->
                "at "
                    + field.title()
                    + (set.cardinality() == 1 ? " " : "s ")
                    + numbers(set, Integer::toString));
  }

  /** {@code of every 5th minute} or {@code of minutes 5 and 20}. */
  private static String within(BitSet set, CronField field) {
    return step(set, field)
        .map(step -> " of every " + ordinal(step) + " " + field.title())
        .orElseGet(
            () ->
                " of "
                    + field.title()
                    + (set.cardinality() == 1 ? " " : "s ")
                    + numbers(set, Integer::toString));
  }

  /** Empty if every day is meant. */
  private String days() {
    String ofMonth = named(cron.daysOfMonth);
    String ofWeek = named(cron.daysOfWeek);
    String weekdays = weekdays();
    List<String> parts = new ArrayList<>();
    String numbered = list(Stream.of(ofMonth, ofWeek).filter(s -> !s.isEmpty()).toList());
    if (!numbered.isEmpty()) {
      parts.add(
          "on "
              + numbered
              + (cron.months.cardinality() == 12 ? " of every month" : months(" of ")));
    }
    if (!weekdays.isEmpty()) {
      parts.add(weekdays + months(" in "));
    }
    return String.join(", and also ", parts);
  }

  private String months(String before) {
    return cron.months.cardinality() == 12
        ? ""
        : before
            + numbers(
                cron.months,
                month -> Month.of(month).getDisplayName(TextStyle.FULL, Locale.ENGLISH));
  }

  /** The days that are named by their place in the month. */
  private static String named(List<CronDay> days) {
    BitSet numbers = new BitSet();
    List<String> named = new ArrayList<>();
    for (CronDay day : days) {
      if (day instanceof CronDay.OfMonth of) {
        numbers.or(of.days());
      } else if (day instanceof CronDay.LastOfMonth) {
        named.add("the last day");
      } else if (day instanceof CronDay.LastWeekday) {
        named.add("the last weekday");
      } else if (day instanceof CronDay.NearestWeekday nearest) {
        named.add("the weekday nearest to the " + ordinal(nearest.day()));
      } else if (day instanceof CronDay.NthOfMonth nth) {
        named.add("the " + ordinal(nth.nth()) + " " + name(nth.day()));
      } else if (day instanceof CronDay.LastDayOfWeek last) {
        named.add("the last " + name(last.day()));
      }
    }
    if (!numbers.isEmpty()) {
      named.add(
          0,
          step(numbers, CronField.DAY_OF_MONTH)
              .map(step -> "every " + ordinal(step) + " day")
              .orElseGet(() -> "the " + numbers(numbers, CronWords::ordinal)));
    }
    return list(named);
  }

  private String weekdays() {
    BitSet days = new BitSet();
    for (CronDay day : cron.daysOfWeek) {
      if (day instanceof CronDay.OfWeek of) {
        of.days().stream().forEach(number -> days.set(number == 0 ? 7 : number));
      }
    }
    if (days.isEmpty()) {
      return "";
    }
    if (days.cardinality() == 7) {
      return "every day";
    }
    return days.cardinality() == 5 && days.nextClearBit(1) == 6
        ? "every weekday"
        : "every " + numbers(days, number -> name(DayOfWeek.of(number)));
  }

  private static String name(DayOfWeek day) {
    return day.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
  }

  private static boolean isAll(BitSet set, CronField field) {
    return set.cardinality() == field.max() - field.min() + 1;
  }

  /**
   * The distance, if the set is all of the field's numbers at one distance that fills it evenly.
   */
  private static Optional<Integer> step(BitSet set, CronField field) {
    int first = set.nextSetBit(0);
    int step = set.nextSetBit(first + 1) - first;
    if (first != field.min() || set.cardinality() < PATTERN || step < 2) {
      return Optional.empty();
    }
    BitSet expected = new BitSet();
    for (int value = first; value <= field.max(); value += step) {
      expected.set(value);
    }
    boolean even = field == CronField.DAY_OF_MONTH || (field.max() - field.min() + 1) % step == 0;
    return expected.equals(set) && even ? Optional.of(step) : Optional.empty();
  }

  /** {@code 1, 2 and 5 to 9}. */
  private static String numbers(BitSet set, IntFunction<String> name) {
    List<String> parts = new ArrayList<>();
    int from = set.nextSetBit(0);
    while (from >= 0) {
      int to = set.nextClearBit(from) - 1;
      if (to - from + 1 >= PATTERN) {
        parts.add(name.apply(from) + " to " + name.apply(to));
      } else {
        for (int value = from; value <= to; value++) {
          parts.add(name.apply(value));
        }
      }
      from = set.nextSetBit(to + 1);
    }
    return list(parts);
  }

  private static String list(List<String> parts) {
    int last = parts.size() - 1;
    return last < 1
        ? String.join("", parts)
        : String.join(", ", parts.subList(0, last)) + " and " + parts.get(last);
  }

  private static String ordinal(int number) {
    String suffix =
        number / 10 % 10 == 1
            ? "th"
            : switch (number % 10) {
              case 1 -> "st";
              case 2 -> "nd";
              case 3 -> "rd";
              default -> "th";
            };
    return number + suffix;
  }
}
