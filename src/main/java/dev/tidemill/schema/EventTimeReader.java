package dev.tidemill.schema;

import dev.tidemill.definition.EventTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.apache.avro.Schema;

/**
 * When a row's event happened, from the field that the definition names, perhaps one of a record
 * within the row. Local times in the hour that autumn repeats have the earlier offset; those in the
 * one that spring skips are moved on by the gap. Not thread-safe: one per task.
 */
public final class EventTimeReader {
  private static final long FIRST = Instant.parse("0001-01-01T00:00:00Z").toEpochMilli();
  private static final long LAST = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();
  private static final int LAST_DAY = (int) LocalDate.of(9999, 12, 31).toEpochDay();
  private static final int FIRST_DAY = (int) LocalDate.of(1, 1, 1).toEpochDay();

  private final String field;
  private final RowPath path;
  private final ToMillis toMillis;
  private Object lastValue;
  private long lastMillis;

  private interface ToMillis {
    long of(Object value) throws DecodeException;
  }

  /**
   * @throws IllegalArgumentException if the schema has no such field, if the field is no time, or
   *     if the format is no pattern that gives a date
   */
  public EventTimeReader(EventTime eventTime, Schema schema) {
    this.field = eventTime.field();
    this.path = RowPath.of(schema, field);
    this.toMillis = toMillis(path.column(), eventTime);
  }

  private ToMillis toMillis(Column column, EventTime eventTime) {
    ZoneId zone = eventTime.timezone();
    if (eventTime.format().isPresent() && column.kind() != Kind.STRING) {
      throw new IllegalArgumentException(
          "event time '%s' is of type %s: a format is for strings only"
              .formatted(field, column.typeName()));
    }
    LocalTimeline timeline = new LocalTimeline(zone);
    return switch (column.kind()) {
      case LONG, TIMESTAMP_MILLIS, TIMESTAMP_MICROS -> value -> (Long) value;
      case LOCAL_TIMESTAMP_MILLIS -> value -> timeline.epochMillis(permitted((Long) value));
      case DATE -> value -> startOfDay((Integer) value, zone);
      case STRING -> {
        TimeText text =
            eventTime
                .format()
                .map(pattern -> TimeText.pattern(pattern, timeline))
                .orElseGet(() -> TimeText.iso(timeline));
        yield value -> parse(text, (String) value);
      }
      default ->
          throw new IllegalArgumentException(
              "event time '%s' is of type %s; a timestamp, a date, a long or a string is needed"
                  .formatted(field, column.typeName()));
    };
  }

  /**
   * @return ms since the epoch, in the years 1 to 9999
   * @throws DecodeException if the field is null, or no time within those years
   */
  public long epochMillis(Object[] row) throws DecodeException {
    Object value = path.of(row);
    if (value == null) {
      throw new DecodeException("event time '" + field + "' is null");
    }
    // Rows that follow each other often have the same minute or day.
    if (value.equals(lastValue)) {
      return lastMillis;
    }
    long millis = permitted(toMillis.of(value));
    lastValue = value;
    lastMillis = millis;
    return millis;
  }

  private long permitted(long millis) throws DecodeException {
    if (millis < FIRST || millis > LAST) {
      throw new DecodeException(
          "event time '%s' is %d ms since the epoch, not within the years 1 to 9999"
              .formatted(field, millis));
    }
    return millis;
  }

  private long startOfDay(int day, ZoneId zone) throws DecodeException {
    if (day < FIRST_DAY || day > LAST_DAY) {
      throw new DecodeException(
          "event time '%s' is day %d since the epoch, not within the years 1 to 9999"
              .formatted(field, day));
    }
    return LocalDate.ofEpochDay(day).atStartOfDay(zone).toInstant().toEpochMilli();
  }

  private long parse(TimeText text, String value) throws DecodeException {
    try {
      return text.epochMillis(value);
    } catch (DateTimeException | ArithmeticException e) {
      String shown = value.length() <= 60 ? value : value.substring(0, 60) + "...";
      throw new DecodeException(
          "event time '%s' is '%s', not a time like %s".formatted(field, shown, text.format()));
    }
  }
}
