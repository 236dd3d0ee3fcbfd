package dev.tidemill.schema;

import static dev.tidemill.schema.CanonicalTime.OTHER;
import static java.time.ZoneOffset.UTC;
import static java.time.temporal.ChronoField.OFFSET_SECONDS;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import java.util.function.LongUnaryOperator;

/**
 * Points in time in ISO-8601: {@code 2024-02-29}, {@code 2024-02-29T12:30}, with seconds, a
 * fraction of them, and an offset or Z. A space may stand for the T, as databases write it. What is
 * finer than ms is floored.
 *
 * <p>Methods throw {@link DateTimeException} or {@link ArithmeticException} for what is no time.
 */
final class IsoTime {
  private static final DateTimeFormatter TIME_AND_OFFSET =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .parseLenient() // so that +HH is +HHmm and +HH:mm too
          .appendOffset("+HH", "Z")
          .optionalEnd()
          .toFormatter(Locale.ROOT);

  private static final DateTimeFormatter FORMAT =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendLiteral('T')
          .append(TIME_AND_OFFSET)
          .optionalEnd()
          .optionalStart()
          .appendLiteral(' ')
          .append(TIME_AND_OFFSET)
          .optionalEnd()
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private IsoTime() {}

  /** A time without offset is one of UTC. */
  static long epochMillis(String text) {
    return epochMillis(text, local -> local, UTC);
  }

  /**
   * @param timeline of a time without offset
   */
  static long epochMillis(String text, LocalTimeline timeline) {
    return epochMillis(text, timeline::epochMillis, timeline.zone());
  }

  private static long epochMillis(String text, LongUnaryOperator instant, ZoneId zone) {
    int end = CanonicalTime.offsetStart(text);
    long local = CanonicalTime.localMillis(text, end);
    if (local != OTHER && end == text.length()) {
      return instant.applyAsLong(local);
    }
    long offset = local == OTHER ? OTHER : CanonicalTime.offsetMillis(text, end);
    return offset == OTHER ? epochMillis(FORMAT.parse(text), zone) : local - offset;
  }

  /** A time without offset, as if it were in UTC. */
  static long localMillis(String text) {
    long local = CanonicalTime.localMillis(text);
    if (local != OTHER) {
      return local;
    }
    TemporalAccessor parsed = FORMAT.parse(text);
    if (parsed.isSupported(OFFSET_SECONDS)) {
      throw new DateTimeException("a local time has no offset");
    }
    return epochMillis(parsed, UTC);
  }

  /**
   * @param parsed has a date; perhaps a time of day, an offset or a zone
   * @param zone of a time with neither of them
   */
  static long epochMillis(TemporalAccessor parsed, ZoneId zone) {
    LocalDate date = parsed.query(TemporalQueries.localDate());
    LocalTime time = parsed.query(TemporalQueries.localTime());
    ZoneId own = parsed.query(TemporalQueries.zone());
    ZoneId effective = own == null ? zone : own;
    ZonedDateTime zoned =
        time == null
            ? date.atStartOfDay(effective)
            : ZonedDateTime.of(LocalDateTime.of(date, time), effective);
    return zoned.toInstant().toEpochMilli();
  }
}
