package dev.tidemill.schema;

import java.time.LocalDate;
import java.time.Month;
import java.time.chrono.IsoChronology;

/**
 * Reads the usual forms of ISO-8601 dates and times, many times as fast as a {@link
 * java.time.format.DateTimeFormatter}. It only says yes, and then what java.time says: whatever is
 * unusual or wrong is {@link #OTHER}, to be looked at by java.time.
 */
public final class CanonicalTime {
  /** No result. */
  public static final long OTHER = Long.MIN_VALUE;

  private static final int DATE_LENGTH = 10;
  private static final int MINUTES_LENGTH = 5;
  private static final int SECONDS_LENGTH = 8;
  private static final int OFFSET_LENGTH = 6;
  private static final int MOST_OFFSET_MINUTES = 18 * 60;
  private static final long MS_PER_MINUTE = 60_000;
  private static final long MS_PER_DAY = 86_400_000;

  private CanonicalTime() {}

  /**
   * {@code yyyy-MM-dd}.
   *
   * @return days since 1970-01-01, or {@link #OTHER}
   */
  public static long epochDay(String text) {
    return text.length() == DATE_LENGTH ? date(text) : OTHER;
  }

  /**
   * {@code HH:mm[:ss[.fraction]]}, with up to 9 digits of a fraction.
   *
   * @return ms since midnight, what is finer is cut off; or {@link #OTHER}
   */
  public static long milliOfDay(String text) {
    return time(text, 0, text.length());
  }

  /**
   * A date, or a date and a time with T or a space between.
   *
   * @return ms since 1970-01-01T00:00 of the same clock, or {@link #OTHER}
   */
  public static long localMillis(String text) {
    return localMillis(text, text.length());
  }

  /** The same of the text before {@code end}. */
  static long localMillis(String text, int end) {
    if (end < DATE_LENGTH) {
      return OTHER;
    }
    long day = date(text);
    if (end == DATE_LENGTH || day == OTHER) {
      return day == OTHER ? OTHER : day * MS_PER_DAY;
    }
    char between = text.charAt(DATE_LENGTH);
    long time = time(text, DATE_LENGTH + 1, end);
    return (between == 'T' || between == ' ') && time != OTHER ? day * MS_PER_DAY + time : OTHER;
  }

  /** Where the offset of a date and time begins; the end if it has none. */
  static int offsetStart(String text) {
    for (int i = DATE_LENGTH + 1 + MINUTES_LENGTH; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 'Z' || c == '+' || c == '-') {
        return i;
      }
    }
    return text.length();
  }

  /**
   * {@code Z} or {@code ±HH:mm}.
   *
   * @return ms by which local times are ahead of UTC, or {@link #OTHER}
   */
  static long offsetMillis(String text, int start) {
    int length = text.length() - start;
    if (length == 1) {
      return text.charAt(start) == 'Z' ? 0 : OTHER;
    }
    if (length != OFFSET_LENGTH || text.charAt(start) == 'Z' || text.charAt(start + 3) != ':') {
      return OTHER;
    }
    int hours = twoDigits(text, start + 1);
    int minutes = twoDigits(text, start + 4);
    int all = hours * 60 + minutes;
    if ((hours | minutes) < 0 || minutes > 59 || all > MOST_OFFSET_MINUTES) {
      return OTHER;
    }
    return (text.charAt(start) == '-' ? -all : all) * MS_PER_MINUTE;
  }

  private static long date(String text) {
    int century = twoDigits(text, 0);
    int year = twoDigits(text, 2);
    int month = twoDigits(text, 5);
    int day = twoDigits(text, 8);
    return (century | year | month | day) >= 0 && text.charAt(4) == '-' && text.charAt(7) == '-'
        ? epochDay(century * 100 + year, month, day)
        : OTHER;
  }

  /**
   * @return {@link #OTHER} if there is no such day
   */
  static long epochDay(int year, int month, int day) {
    boolean exists =
        month >= 1
            && month <= 12
            && day >= 1
            && day <= Month.of(month).length(IsoChronology.INSTANCE.isLeapYear(year));
    return exists ? LocalDate.of(year, month, day).toEpochDay() : OTHER;
  }

  private static long time(String text, int from, int end) {
    int length = end - from;
    boolean hasSeconds = length >= SECONDS_LENGTH && text.charAt(from + 5) == ':';
    if (length < MINUTES_LENGTH
        || text.charAt(from + 2) != ':'
        || length > MINUTES_LENGTH && !hasSeconds) {
      return OTHER;
    }
    int hour = twoDigits(text, from);
    int minute = twoDigits(text, from + 3);
    int second = hasSeconds ? twoDigits(text, from + 6) : 0;
    int millis = length > SECONDS_LENGTH ? fraction(text, from + SECONDS_LENGTH, end) : 0;
    boolean isTime =
        (hour | minute | second | millis) >= 0 && hour <= 23 && minute <= 59 && second <= 59;
    return isTime ? ((hour * 60 + minute) * 60 + second) * 1000L + millis : OTHER;
  }

  /**
   * {@code .1} to {@code .123456789}.
   *
   * @return whole thousandths; negative: it is none
   */
  private static int fraction(String text, int point, int end) {
    int digits = end - point - 1;
    if (text.charAt(point) != '.' || digits < 1 || digits > 9) {
      return -1;
    }
    int millis = 0;
    for (int i = 1; i <= Math.max(digits, 3); i++) {
      int digit = i <= digits ? digit(text, point + i) : 0;
      if (digit < 0) {
        return -1;
      }
      millis = i <= 3 ? millis * 10 + digit : millis;
    }
    return millis;
  }

  /**
   * @return negative if one is none
   */
  private static int twoDigits(String text, int at) {
    int tens = digit(text, at);
    int ones = digit(text, at + 1);
    return (tens | ones) < 0 ? -1 : tens * 10 + ones;
  }

  private static int digit(String text, int at) {
    int digit = text.charAt(at) - '0';
    return digit > 9 ? -1 : digit;
  }
}
