package dev.tidemill.schema;

import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;

/**
 * Reads points in time from text of one format. Impossible dates (30 February) are refused, not
 * moved. Not thread-safe.
 */
interface TimeText {
  /**
   * @throws DateTimeException or {@link ArithmeticException} if the text is no such time
   */
  long epochMillis(String text);

  /** The format, for messages. */
  default String format() {
    return "ISO-8601";
  }

  /** With or without offset; local times are on {@code timeline}. */
  static TimeText iso(LocalTimeline timeline) {
    return text -> IsoTime.epochMillis(text.strip(), timeline);
  }

  /**
   * @param pattern of a {@link DateTimeFormatter}, with English names; without a time of day, the
   *     day's start is meant
   * @throws IllegalArgumentException if it is no pattern, or gives no date
   */
  static TimeText pattern(String pattern, LocalTimeline timeline) {
    DateTimeFormatter formatter = formatter(pattern);
    FixedWidthTime fast = FixedWidthTime.compile(pattern).orElse(FixedWidthTime.NONE);
    return new TimeText() {
      @Override
      public long epochMillis(String text) {
        long local = fast.localMillis(text);
        return local == FixedWidthTime.OTHER
            ? IsoTime.epochMillis(formatter.parse(text), timeline.zone())
            : timeline.epochMillis(local);
      }

      @Override
      public String format() {
        return pattern;
      }
    };
  }

  private static DateTimeFormatter formatter(String pattern) {
    try {
      // A strict yyyy is a year of an era, and needs to be told which.
      DateTimeFormatter formatter =
          new DateTimeFormatterBuilder()
              .parseCaseInsensitive()
              .appendPattern(pattern)
              .parseDefaulting(ChronoField.ERA, 1)
              .toFormatter(Locale.ENGLISH)
              .withResolverStyle(ResolverStyle.STRICT);
      ZonedDateTime sample = ZonedDateTime.parse("2024-11-23T13:14:15Z");
      TemporalAccessor again = formatter.parse(formatter.format(sample));
      if (again.query(TemporalQueries.localDate()) == null) {
        throw new DateTimeException("year, month and day are needed");
      }
      boolean someTime = !pattern.replaceAll("'[^']*'|[^aBhHkKmsSAnN]", "").isEmpty();
      if (someTime && again.query(TemporalQueries.localTime()) == null) {
        throw new DateTimeException("the hour is incomplete: use HH, or hh with a");
      }
      return formatter;
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IllegalArgumentException(
          "'%s' is not a pattern for an event time: %s".formatted(pattern, e.getMessage()), e);
    }
  }
}
