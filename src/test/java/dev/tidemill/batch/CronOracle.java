package dev.tidemill.batch;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reads a cron in the most obvious way, and finds its times by trying all of them. */
final class CronOracle {
  private static final int LAST_YEAR = 2199;
  private static final List<String> MONTHS =
      List.of(
          "", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
  private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

  private final String[] fields;
  private final List<LocalTime> times = new ArrayList<>();

  CronOracle(String cron) {
    String[] written = cron.toUpperCase(Locale.ROOT).split(" ");
    fields =
        switch (written.length) {
          case 5 -> ("0 " + String.join(" ", written) + " *").split(" ");
          case 6 -> (String.join(" ", written) + " *").split(" ");
          default -> written;
        };
    for (int hour : numbers(fields[2], 23)) {
      for (int minute : numbers(fields[1], 59)) {
        for (int second : numbers(fields[0], 59)) {
          times.add(LocalTime.of(hour, minute, second));
        }
      }
    }
  }

  Optional<LocalDateTime> next(LocalDateTime time) {
    return days(time.toLocalDate(), 1)
        .flatMap(day -> times.stream().map(day::atTime))
        .filter(found -> found.isAfter(time))
        .findFirst();
  }

  Optional<LocalDateTime> floor(LocalDateTime time) {
    return days(time.toLocalDate(), -1)
        .map(
            day ->
                times.stream()
                    .map(day::atTime)
                    .filter(found -> !found.isAfter(time))
                    .max(Comparator.naturalOrder()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  boolean everMatches() {
    return next(LocalDateTime.of(1969, 12, 31, 0, 0)).isPresent();
  }

  private Stream<LocalDate> days(LocalDate from, int step) {
    return Stream.iterate(
            from,
            day -> day.getYear() <= LAST_YEAR && day.getYear() >= 1800,
            day -> day.plusDays(step))
        .filter(this::matches);
  }

  boolean matches(LocalDate date) {
    boolean anyDay = fields[3].equals("*") || fields[3].equals("?");
    boolean anyWeekday = fields[5].equals("*") || fields[5].equals("?");
    boolean day = Stream.of(fields[3].split(",")).anyMatch(e -> dayOfMonth(e, date));
    boolean weekday = Stream.of(fields[5].split(",")).anyMatch(e -> dayOfWeek(e, date));
    return list(fields[4], date.getMonthValue(), 1, 12, MONTHS)
        && list(fields[6], date.getYear(), 1970, LAST_YEAR, List.of())
        && (anyDay ? anyWeekday || weekday : anyWeekday ? day : day || weekday);
  }

  private static boolean dayOfMonth(String element, LocalDate date) {
    List<LocalDate> month =
        IntStream.rangeClosed(1, date.lengthOfMonth()).mapToObj(date::withDayOfMonth).toList();
    List<LocalDate> working =
        month.stream().filter(d -> d.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) <= 0).toList();
    if (element.equals("L")) {
      return date.equals(month.get(month.size() - 1));
    }
    if (element.equals("LW")) {
      return date.equals(working.get(working.size() - 1));
    }
    if (element.endsWith("W")) {
      int wanted = Integer.parseInt(element.replace("W", ""));
      return wanted <= month.size()
          && date.equals(
              working.stream()
                  .min(Comparator.comparing(d -> Math.abs(d.getDayOfMonth() - wanted)))
                  .orElseThrow());
    }
    return element.equals("?") || element(element, date.getDayOfMonth(), 1, 31, List.of());
  }

  private static boolean dayOfWeek(String element, LocalDate date) {
    List<LocalDate> same =
        IntStream.rangeClosed(1, date.lengthOfMonth())
            .mapToObj(date::withDayOfMonth)
            .filter(d -> d.getDayOfWeek() == date.getDayOfWeek())
            .toList();
    IntPredicate today = n -> n % 7 == date.getDayOfWeek().getValue() % 7;
    if (element.contains("#")) {
      String[] parts = element.split("#");
      return today.test(number(parts[0], DAYS))
          && same.indexOf(date) == Integer.parseInt(parts[1]) - 1;
    }
    if (element.endsWith("L")) {
      return today.test(number(element.substring(0, element.length() - 1), DAYS))
          && same.indexOf(date) == same.size() - 1;
    }
    int day = date.getDayOfWeek().getValue() % 7;
    return element.equals("?") || element(element, day, 0, 6, DAYS);
  }

  private static int[] numbers(String list, int max) {
    return IntStream.rangeClosed(0, max)
        .filter(value -> list(list, value, 0, max, List.of()))
        .toArray();
  }

  private static boolean list(String list, int value, int min, int max, List<String> names) {
    return Stream.of(list.split(",")).anyMatch(e -> element(e, value, min, max, names));
  }

  /** By the distance from where a range begins, around the end if it must. */
  private static boolean element(String element, int value, int min, int max, List<String> names) {
    String[] parts = element.split("/");
    int step = parts.length > 1 ? Integer.parseInt(parts[1]) : 1;
    String[] range = parts[0].split("-");
    boolean all = parts[0].equals("*");
    int from = all ? min : number(range[0], names);
    int to = range.length > 1 ? number(range[1], names) : all || parts.length > 1 ? max : from;
    int size = max - min + 1;
    int distance = Math.floorMod(value - from, size);
    return distance <= (to >= from ? to - from : to - from + size) && distance % step == 0;
  }

  private static int number(String text, List<String> names) {
    return names.contains(text) ? names.indexOf(text) : Integer.parseInt(text);
  }
}
