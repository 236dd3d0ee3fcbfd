package dev.tidemill.sql;

import dev.tidemill.schema.FixedWidthTime;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The patterns of PostgreSQL's TO_CHAR, TO_DATE and TO_TIMESTAMP, as far as batches need them. What
 * is not a letter stands for itself, as does what is in double quotes.
 */
final class DateFormat {
  private static final int MAX_FORMATS = 1000;
  private static final Map<String, DateFormat> FORMATS = new ConcurrentHashMap<>();

  /** Longer ones first: YYYY is not YY twice. */
  private static final String[] PATTERNS = {
    "MONTH", "YYYY", "HH24", "HH12", "IYYY", "DDD", "DAY", "MON", "HH", "MI", "SS", "MS", "US",
    "AM", "PM", "MM", "DD", "DY", "YY", "IW", "ID", "Q"
  };

  private static final Map<String, String> FIXED_WIDTH =
      Map.of(
          "YYYY", "yyyy", "MM", "MM", "DD", "dd", "HH24", "HH", "MI", "mm", "SS", "ss", "MS",
          "SSS");

  /** A letter that {@link FixedWidthTime} does not know. */
  private static final String NOT_FIXED = "G";

  private final String format;
  private final DateTimeFormatter formatter;
  private final FixedWidthTime fast;

  private DateFormat(String format) {
    this.format = format;
    var builder = new DateTimeFormatterBuilder().parseCaseInsensitive();
    var fixed = new StringBuilder();
    int i = 0;
    while (i < format.length()) {
      i = append(builder, fixed, i);
    }
    formatter = builder.toFormatter(Locale.ENGLISH).withResolverStyle(ResolverStyle.STRICT);
    fast = FixedWidthTime.compile(fixed.toString()).orElse(FixedWidthTime.NONE);
  }

  static DateFormat of(String format) {
    DateFormat known = FORMATS.get(format);
    if (known != null) {
      return known;
    }
    var made = new DateFormat(format);
    if (FORMATS.size() >= MAX_FORMATS) {
      FORMATS.clear();
    }
    FORMATS.put(format, made);
    return made;
  }

  /**
   * @param fixed gets the same as a pattern of java.time
   * @return where the rest begins
   */
  private int append(DateTimeFormatterBuilder builder, StringBuilder fixed, int at) {
    char c = format.charAt(at);
    if (c == '"') {
      int end = format.indexOf('"', at + 1);
      if (end < 0) {
        throw new IllegalArgumentException("the format '" + format + "' has an open quotation");
      }
      builder.appendLiteral(format.substring(at + 1, end));
      fixed.append('\'').append(format, at + 1, end).append('\'');
      return end + 1;
    }
    if (!Character.isLetter(c)) {
      builder.appendLiteral(c);
      fixed.append('\'').append(c).append('\'');
      return at + 1;
    }
    for (String pattern : PATTERNS) {
      if (format.regionMatches(true, at, pattern, 0, pattern.length())) {
        append(builder, pattern);
        fixed.append(FIXED_WIDTH.getOrDefault(pattern, NOT_FIXED));
        return at + pattern.length();
      }
    }
    throw new IllegalArgumentException(
        "the format '"
            + format
            + "' has an unknown part at '"
            + format.substring(at)
            + "'; put text in double quotes");
  }

  private static void append(DateTimeFormatterBuilder builder, String pattern) {
    switch (pattern) {
      case "YYYY" -> builder.appendValue(ChronoField.YEAR, 4);
      case "YY" -> builder.appendValueReduced(ChronoField.YEAR, 2, 2, 1970);
      case "IYYY" -> builder.appendValue(IsoFields.WEEK_BASED_YEAR, 4);
      case "Q" -> builder.appendValue(IsoFields.QUARTER_OF_YEAR, 1);
      case "MM" -> builder.appendValue(ChronoField.MONTH_OF_YEAR, 2);
      case "MON" -> builder.appendText(ChronoField.MONTH_OF_YEAR, TextStyle.SHORT);
      case "MONTH" -> builder.appendText(ChronoField.MONTH_OF_YEAR, TextStyle.FULL);
      case "IW" -> builder.appendValue(IsoFields.WEEK_OF_WEEK_BASED_YEAR, 2);
      case "DD" -> builder.appendValue(ChronoField.DAY_OF_MONTH, 2);
      case "DDD" -> builder.appendValue(ChronoField.DAY_OF_YEAR, 3);
      case "ID" -> builder.appendValue(ChronoField.DAY_OF_WEEK, 1);
      case "DY" -> builder.appendText(ChronoField.DAY_OF_WEEK, TextStyle.SHORT);
      case "DAY" -> builder.appendText(ChronoField.DAY_OF_WEEK, TextStyle.FULL);
      case "HH24" -> builder.appendValue(ChronoField.HOUR_OF_DAY, 2);
      case "HH12", "HH" -> builder.appendValue(ChronoField.CLOCK_HOUR_OF_AMPM, 2);
      case "MI" -> builder.appendValue(ChronoField.MINUTE_OF_HOUR, 2);
      case "SS" -> builder.appendValue(ChronoField.SECOND_OF_MINUTE, 2);
      case "MS" -> builder.appendFraction(ChronoField.NANO_OF_SECOND, 3, 3, false);
      case "US" -> builder.appendFraction(ChronoField.NANO_OF_SECOND, 6, 6, false);
      default -> builder.appendText(ChronoField.AMPM_OF_DAY, TextStyle.SHORT);
    }
  }

  /** English, with capital letters as in "Mon". */
  String format(LocalDateTime time) {
    return formatter.format(time);
  }

  /** Midnight if the format has no time. */
  LocalDateTime parse(String text) {
    String written = text.strip();
    long ms = fast.localMillis(written);
    if (ms != FixedWidthTime.OTHER) {
      return Dates.time(ms);
    }
    try {
      TemporalAccessor parsed = formatter.parse(written);
      LocalDate date = parsed.query(TemporalQueries.localDate());
      LocalTime time = parsed.query(TemporalQueries.localTime());
      if (date == null) {
        throw new IllegalArgumentException(
            "the format '" + format + "' does not say year, month and day");
      }
      return date.atTime(time == null ? hourOnly(parsed) : time);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'" + text + "' is not in the format '" + format + "'");
    }
  }

  private static LocalTime hourOnly(TemporalAccessor parsed) {
    return parsed.isSupported(ChronoField.HOUR_OF_DAY)
        ? LocalTime.of(parsed.get(ChronoField.HOUR_OF_DAY), 0)
        : LocalTime.MIDNIGHT;
  }
}
