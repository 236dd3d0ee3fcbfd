package dev.tidemill.sql;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import org.apache.calcite.avatica.util.DateTimeUtils;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.linq4j.function.Strict;

/**
 * PostgreSQL's date functions; a TIMESTAMP is ms since 1970 in UTC, a DATE days. Public only
 * because generated code calls it; not for use.
 */
@Strict
public final class Dates {
  private static final double MAX_SECONDS = 1e15;

  private Dates() {}

  private static final long DAY = 86_400_000;

  /** Whether the three functions of a unit have it. */
  static boolean knows(TimeUnitRange unit) {
    return switch (unit) {
      case MILLENNIUM,
          CENTURY,
          DECADE,
          YEAR,
          ISOYEAR,
          QUARTER,
          MONTH,
          WEEK,
          DAY,
          DOW,
          ISODOW,
          DOY ->
          true;
      case HOUR, MINUTE, SECOND -> true;
      default -> false;
    };
  }

  /** SQL's EXTRACT, with Calcite's units: DOW is 1 for Sunday. */
  public static long extract(String unit, long ms) {
    TimeUnitRange range = TimeUnitRange.valueOf(unit);
    return switch (range) {
      case HOUR -> Math.floorMod(ms, DAY) / 3_600_000;
      case MINUTE -> Math.floorMod(ms, DAY) / 60_000 % 60;
      case SECOND -> Math.floorMod(ms, DAY) / 1000 % 60;
      default -> DateTimeUtils.unixDateExtract(range, Math.floorDiv(ms, DAY));
    };
  }

  public static long floorTo(String unit, long ms) {
    TimeUnitRange range = TimeUnitRange.valueOf(unit);
    return switch (range) {
      case DAY, HOUR, MINUTE, SECOND -> Math.floorDiv(ms, length(range)) * length(range);
      default -> DateTimeUtils.unixDateFloor(range, Math.floorDiv(ms, DAY)) * DAY;
    };
  }

  public static long ceilTo(String unit, long ms) {
    TimeUnitRange range = TimeUnitRange.valueOf(unit);
    return switch (range) {
      case DAY, HOUR, MINUTE, SECOND -> -Math.floorDiv(-ms, length(range)) * length(range);
      default -> DateTimeUtils.unixDateCeil(range, -Math.floorDiv(-ms, DAY)) * DAY;
    };
  }

  private static long length(TimeUnitRange range) {
    return range.startUnit.multiplier.longValueExact();
  }

  public static long dateTrunc(String unit, long ms) {
    LocalDateTime time = time(ms);
    LocalDate day = time.toLocalDate();
    LocalDate first =
        switch (unit.toLowerCase(Locale.ROOT)) {
          case "milliseconds", "millisecond", "second", "minute", "hour" -> null;
          case "day" -> day;
          case "week" -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
          case "month" -> day.withDayOfMonth(1);
          case "quarter" -> day.withDayOfMonth(1).withMonth((day.getMonthValue() - 1) / 3 * 3 + 1);
          case "year" -> day.withDayOfYear(1);
          case "decade" -> firstOf(Math.floorDiv(day.getYear(), 10) * 10);
          case "century" -> firstOf(Math.floorDiv(day.getYear() - 1, 100) * 100 + 1);
          default -> throw noSuchUnit("DATE_TRUNC", unit);
        };
    return first == null ? ms(time.truncatedTo(ofTime(unit))) : ms(first.atStartOfDay());
  }

  /** The start of the window that a time is in, of those that follow each other from 1970 on. */
  public static long tumble(long ms, long size) {
    return ms - Math.floorMod(ms, size);
  }

  private static ChronoUnit ofTime(String unit) {
    return switch (unit.toLowerCase(Locale.ROOT)) {
      case "second" -> ChronoUnit.SECONDS;
      case "minute" -> ChronoUnit.MINUTES;
      case "hour" -> ChronoUnit.HOURS;
      default -> ChronoUnit.MILLIS;
    };
  }

  private static LocalDate firstOf(int year) {
    return LocalDate.of(year, 1, 1);
  }

  public static long datePart(String unit, long ms) {
    LocalDateTime time = time(ms);
    return switch (unit.toLowerCase(Locale.ROOT)) {
      case "year" -> time.getYear();
      case "quarter" -> time.get(IsoFields.QUARTER_OF_YEAR);
      case "month" -> time.getMonthValue();
      case "week" -> time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
      case "isoyear" -> time.get(IsoFields.WEEK_BASED_YEAR);
      case "day" -> time.getDayOfMonth();
      case "dow" -> time.getDayOfWeek().getValue() % 7;
      case "isodow" -> time.getDayOfWeek().getValue();
      case "doy" -> time.getDayOfYear();
      case "hour" -> time.getHour();
      case "minute" -> time.getMinute();
      case "second" -> time.getSecond();
      case "milliseconds", "millisecond" -> time.getSecond() * 1000L + time.getNano() / 1_000_000;
      case "epoch" -> Math.floorDiv(ms, 1000L);
      default -> throw noSuchUnit("DATE_PART", unit);
    };
  }

  /** Seconds since 1970. */
  public static long toTimestamp(double seconds) {
    if (!(Math.abs(seconds) < MAX_SECONDS)) {
      throw new IllegalArgumentException(seconds + " s since 1970 is no TIMESTAMP");
    }
    return Math.round(seconds * 1000);
  }

  public static long parseTimestamp(String text, String format) {
    return ms(DateFormat.of(format).parse(text));
  }

  public static int parseDate(String text, String format) {
    return (int) DateFormat.of(format).parse(text).toLocalDate().toEpochDay();
  }

  public static String toChar(long ms, String format) {
    return DateFormat.of(format).format(time(ms));
  }

  public static int makeDate(long year, long month, long day) {
    try {
      return (int)
          LocalDate.of(Math.toIntExact(year), Math.toIntExact(month), Math.toIntExact(day))
              .toEpochDay();
    } catch (ArithmeticException | java.time.DateTimeException e) {
      throw new IllegalArgumentException(year + "-" + month + "-" + day + " is no DATE");
    }
  }

  static LocalDateTime time(long ms) {
    return LocalDateTime.ofEpochSecond(
        Math.floorDiv(ms, 1000L), (int) Math.floorMod(ms, 1000L) * 1_000_000, ZoneOffset.UTC);
  }

  private static long ms(LocalDateTime time) {
    return time.toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  private static IllegalArgumentException noSuchUnit(String function, String unit) {
    return new IllegalArgumentException(function + " has no unit '" + unit + "'");
  }
}
