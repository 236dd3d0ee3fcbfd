package dev.tidemill.sql;

import static dev.tidemill.schema.CanonicalTime.OTHER;

import dev.tidemill.schema.CanonicalTime;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.apache.calcite.linq4j.function.Strict;

/**
 * CAST, strictly: what is not wholly a value of the type is an error. Spaces around are allowed.
 * Doubles are rounded half to even and decimals half away from zero, as PostgreSQL and DuckDB do.
 * Public only because generated code calls it; not for use.
 */
@Strict
public final class Casts {
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("HH:mm[:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .appendPattern("]")
          .toFormatter(Locale.ROOT);
  private static final DateTimeFormatter TIME_BEHIND_DATE =
      new DateTimeFormatterBuilder()
          .appendPattern("['T'][ ]")
          .append(TIME)
          .toFormatter(Locale.ROOT);

  private Casts() {}

  public static int longToInt(long value) {
    if (value != (int) value) {
      throw outOfRange(value, "INTEGER");
    }
    return (int) value;
  }

  public static int doubleToInt(double value) {
    double rounded = Math.rint(value);
    if (rounded != (int) rounded) {
      throw outOfRange(value, "INTEGER");
    }
    return (int) rounded;
  }

  public static long doubleToLong(double value) {
    double rounded = Math.rint(value);
    if (!(rounded >= Long.MIN_VALUE && rounded < -(double) Long.MIN_VALUE)) {
      throw outOfRange(value, "BIGINT");
    }
    return (long) rounded;
  }

  public static int floatToInt(float value) {
    return doubleToInt(value);
  }

  public static long floatToLong(float value) {
    return doubleToLong(value);
  }

  public static int decimalToInt(BigDecimal value) {
    return longToInt(decimalToLong(value));
  }

  public static long decimalToLong(BigDecimal value) {
    try {
      return value.setScale(0, RoundingMode.HALF_UP).longValueExact();
    } catch (ArithmeticException e) {
      throw outOfRange(value, "BIGINT");
    }
  }

  public static int stringToInt(String text) {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw notA("INTEGER", text);
    }
  }

  public static long stringToLong(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw notA("BIGINT", text);
    }
  }

  public static double stringToDouble(String text) {
    String number = text.strip();
    // Java would also take 1d, 1f and 0x1p3.
    if (!number.isEmpty()
        && "0123456789.".indexOf(number.charAt(number.length() - 1)) >= 0
        && number.indexOf('x') < 0
        && number.indexOf('X') < 0) {
      try {
        return Double.parseDouble(number);
      } catch (NumberFormatException e) {
        throw notA("DOUBLE", text);
      }
    }
    return switch (number.toLowerCase(Locale.ROOT)) {
      case "nan" -> Double.NaN;
      case "infinity", "inf" -> Double.POSITIVE_INFINITY;
      case "-infinity", "-inf" -> Double.NEGATIVE_INFINITY;
      default -> throw notA("DOUBLE", text);
    };
  }

  public static BigDecimal stringToDecimal(String text, int precision, int scale) {
    try {
      return Functions.fit(new BigDecimal(text.strip()), precision, scale);
    } catch (NumberFormatException e) {
      throw notA("DECIMAL", text);
    }
  }

  public static boolean stringToBoolean(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw notA("BOOLEAN", text);
    };
  }

  public static int stringToDate(String text) {
    String written = text.strip();
    long day = CanonicalTime.epochDay(written);
    try {
      return (int) (day == OTHER ? LocalDate.parse(written).toEpochDay() : day);
    } catch (DateTimeException e) {
      throw notA("DATE (yyyy-MM-dd)", text);
    }
  }

  public static int stringToTime(String text) {
    String written = text.strip();
    long milli = CanonicalTime.milliOfDay(written);
    try {
      return (int)
          (milli == OTHER ? LocalTime.parse(written, TIME).toNanoOfDay() / 1_000_000 : milli);
    } catch (DateTimeException e) {
      throw notA("TIME (HH:mm:ss)", text);
    }
  }

  public static long stringToTimestamp(String text) {
    String written = text.strip();
    long millis = CanonicalTime.localMillis(written);
    if (millis != OTHER) {
      return millis;
    }
    try {
      var end = new ParsePosition(0);
      var date = LocalDate.from(DateTimeFormatter.ISO_LOCAL_DATE.parse(written, end));
      var time = TIME_BEHIND_DATE.parse(written.substring(end.getIndex()));
      return date.plus(time.query(DateTimeFormatter.parsedExcessDays())) // 24:00 is tomorrow's 0:00
          .atTime(LocalTime.from(time))
          .toInstant(ZoneOffset.UTC)
          .toEpochMilli();
    } catch (DateTimeException e) {
      throw notA("TIMESTAMP (yyyy-MM-dd HH:mm:ss)", text);
    }
  }

  public static String decimalToString(BigDecimal value) {
    return value.toPlainString();
  }

  public static String doubleToString(double value) {
    return Double.toString(value);
  }

  public static String floatToString(float value) {
    return Float.toString(value);
  }

  public static String booleanToString(boolean value) {
    return Boolean.toString(value);
  }

  /** Without a fraction if there is none. */
  public static String timestampToString(long ms) {
    LocalDateTime time = Dates.time(ms);
    int fraction = (int) Math.floorMod(ms, 1000L);
    return time.toLocalDate()
        + " "
        + padded(time.getHour(), 100)
        + ":"
        + padded(time.getMinute(), 100)
        + ":"
        + padded(time.getSecond(), 100)
        + (fraction == 0 ? "" : "." + padded(fraction, 1000));
  }

  /** With zeros before it, to as many digits as {@code size} has zeros. */
  private static String padded(int number, int size) {
    return Integer.toString(size + number).substring(1);
  }

  /** An ARRAY of numbers as one of others. */
  public static List<?> elementsToLong(List<?> numbers) {
    return elements(numbers, number -> decimalToLong(exact(number)));
  }

  public static List<?> elementsToDouble(List<?> numbers) {
    return elements(numbers, Number::doubleValue);
  }

  public static List<?> elementsToDecimal(List<?> numbers, int precision, int scale) {
    return elements(numbers, number -> Functions.fit(exact(number), precision, scale));
  }

  private static BigDecimal exact(Number number) {
    return number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString());
  }

  private static List<?> elements(List<?> numbers, Function<Number, Object> value) {
    var elements = new ArrayList<Object>(numbers.size());
    numbers.forEach(number -> elements.add(number == null ? null : value.apply((Number) number)));
    return elements;
  }

  private static ArithmeticException outOfRange(Object value, String type) {
    return new ArithmeticException(value + " is out of the range of " + type);
  }

  private static IllegalArgumentException notA(String type, String text) {
    return new IllegalArgumentException("'" + text + "' is not a " + type);
  }
}
