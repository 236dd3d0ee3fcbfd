package dev.tidemill.schema;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Base64;

/**
 * Makes the value of one column from text: for CSV, and for strings in JSON. Numbers in plain or
 * scientific notation, {@code true} and {@code false}, dates and times in ISO-8601, bytes in
 * Base64.
 */
interface TextValue {
  /** A longer number is no number that a column could hold. */
  int MAX_NUMBER_CHARS = 1000;

  /**
   * @param text not null
   * @throws DecodeException naming the field, what was expected and what was found
   */
  Object parse(String text) throws DecodeException;

  static TextValue of(Column column) {
    TextValue value = unchecked(column);
    return text -> {
      try {
        return value.parse(text);
      } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
        throw mismatch(column, text);
      }
    };
  }

  private static TextValue unchecked(Column column) {
    return switch (column.kind()) {
      case BOOLEAN -> text -> bool(text.strip());
      case INT -> text -> Integer.parseInt(text.strip());
      case LONG -> text -> Long.parseLong(text.strip());
      case FLOAT -> text -> finite(Float.parseFloat(number(text)));
      case DOUBLE -> text -> finite(Double.parseDouble(number(text)));
      case STRING -> text -> text;
      case ENUM -> text -> symbol(text, column);
      case UUID -> text -> java.util.UUID.fromString(text).toString();
      case BYTES -> text -> Base64.getDecoder().decode(text);
      case FIXED -> text -> sized(Base64.getDecoder().decode(text), column);
      case DECIMAL -> text -> ExactDecimal.of(new BigDecimal(number(text)), column);
      case DATE -> text -> Math.toIntExact(epochDay(text.strip()));
      case TIME_MILLIS -> text -> (int) milliOfDay(text.strip());
      case TIMESTAMP_MILLIS -> text -> IsoTime.epochMillis(text.strip());
      case TIMESTAMP_MICROS -> text -> inMicros(IsoTime.epochMillis(text.strip()));
      case LOCAL_TIMESTAMP_MILLIS -> text -> IsoTime.localMillis(text.strip());
      case ARRAY ->
          text -> {
            throw new DecodeException(
                "field '%s' is an array, which a text can not hold".formatted(column.name()));
          };
      case RECORD ->
          text -> {
            throw new DecodeException(
                "field '%s' is a record, which a text can not hold".formatted(column.name()));
          };
      case NESTED -> text -> null;
    };
  }

  private static long epochDay(String text) {
    long day = CanonicalTime.epochDay(text);
    return day == CanonicalTime.OTHER ? LocalDate.parse(text).toEpochDay() : day;
  }

  private static long milliOfDay(String text) {
    long milli = CanonicalTime.milliOfDay(text);
    return milli == CanonicalTime.OTHER ? LocalTime.parse(text).toNanoOfDay() / 1_000_000 : milli;
  }

  static DecodeException mismatch(Column column, String found) {
    String shown = found.length() <= 60 ? found : found.substring(0, 60) + "...";
    return new DecodeException(
        "field '%s': %s is expected, found '%s'".formatted(column.name(), expected(column), shown));
  }

  static String expected(Column column) {
    return column.kind() == Kind.ENUM
        ? "one of " + column.type().getEnumSymbols()
        : column.typeName();
  }

  /** As microseconds are what is written, more than they can count must not come in. */
  static long inMicros(long millis) {
    Math.multiplyExact(millis, 1000L);
    return millis;
  }

  private static boolean bool(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException(text);
    }
    return text.equals("true");
  }

  /** Java's own notations (hexadecimal, {@code 1f}, {@code NaN}) are not data. */
  private static String number(String text) {
    String number = text.strip();
    if (number.isEmpty() || number.length() > MAX_NUMBER_CHARS) {
      throw new IllegalArgumentException("a number of " + number.length() + " characters");
    }
    for (int i = 0; i < number.length(); i++) {
      char c = number.charAt(i);
      if ((c < '0' || c > '9') && "+-.eE".indexOf(c) < 0) {
        throw new IllegalArgumentException(number);
      }
    }
    return number;
  }

  private static float finite(float value) {
    if (Float.isInfinite(value)) {
      throw new IllegalArgumentException("too large");
    }
    return value;
  }

  private static double finite(double value) {
    if (Double.isInfinite(value)) {
      throw new IllegalArgumentException("too large");
    }
    return value;
  }

  private static String symbol(String text, Column column) {
    if (!column.type().hasEnumSymbol(text)) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  private static byte[] sized(byte[] bytes, Column column) {
    if (bytes.length != column.type().getFixedSize()) {
      throw new IllegalArgumentException(bytes.length + " bytes");
    }
    return bytes;
  }
}
