package dev.tidemill.definition;

import dev.tidemill.definition.Columns.Time;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import java.util.Optional;
import org.apache.avro.Schema;

/** Reads {@code event-time:}, a field's name or a mapping, and holds it against the schema. */
final class EventTimeReader {
  private static final String KEY = "event-time";

  /** Every part of it differs, so that a pattern which mixes parts up does not give it back. */
  private static final LocalDateTime SAMPLE = LocalDateTime.of(2001, 11, 28, 17, 45, 33);

  private EventTimeReader() {}

  /**
   * @param clock of the batches: by some, no field is asked for its time
   * @param schema empty if it could not be read: then the field is not checked
   * @param batchZone the zone of local times unless they have their own
   */
  static Optional<EventTime> read(
      Section source, BatchRule.Clock clock, Optional<Schema> schema, ZoneId batchZone) {
    if (clock != BatchRule.Clock.EVENT) {
      return byRecord(source, clock, batchZone);
    }
    if (!source.has(KEY)) {
      source.problem("'event-time' is missing; say which field has the time of the event");
      return Optional.empty();
    }
    if (!source.isMapping(KEY)) {
      return source
          .text(KEY)
          .flatMap(field -> check(field, Optional.empty(), schema))
          .map(field -> new EventTime(field, Optional.empty(), batchZone));
    }
    return source
        .section(KEY, Vocabulary.EVENT_TIME)
        .flatMap(eventTime -> mapping(eventTime, schema, batchZone));
  }

  private static Optional<EventTime> byRecord(
      Section source, BatchRule.Clock clock, ZoneId batchZone) {
    if (source.has(KEY)) {
      source.problemAtKey(
          KEY,
          clock == BatchRule.Clock.WALL
              ? "by 'clock: wall' the time of a record is that at which it was written; remove one"
              : "batches of records know no time of the event; remove 'event-time'");
    }
    return Optional.of(new EventTime(EventTime.RECORD_TIMESTAMP, Optional.empty(), batchZone));
  }

  private static Optional<EventTime> mapping(
      Section eventTime, Optional<Schema> schema, ZoneId batchZone) {
    Optional<Text> format = eventTime.has("format") ? eventTime.text("format") : Optional.empty();
    Optional<String> pattern = format.flatMap(text -> text.as(EventTimeReader::pattern));
    Optional<ZoneId> zone = eventTime.text("timezone", BatchReader::zone, batchZone);
    Optional<String> field = eventTime.text("field").flatMap(f -> check(f, format, schema));
    if (field.isEmpty() || zone.isEmpty() || eventTime.has("format") && pattern.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new EventTime(field.get(), pattern, zone.get()));
  }

  private static Optional<String> check(
      Text field, Optional<Text> format, Optional<Schema> schema) {
    if (schema.isEmpty()) {
      return Optional.of(field.value());
    }
    if (field.value().equals(EventTime.RECORD_TIMESTAMP)) {
      format.ifPresent(text -> text.problem("Kafka's time of a record has no format; remove it"));
      return format.isEmpty() ? Optional.of(field.value()) : Optional.empty();
    }
    Optional<Schema> type = field.as(path -> Columns.typeAt(schema.get(), path));
    if (type.isEmpty()) {
      return Optional.empty();
    }
    Time time = Columns.time(type.get());
    if (time == Time.NONE) {
      field.problem(
          "field '%s' is %s, which can not be a time; use a timestamp, date, long or string"
              .formatted(field.value(), Columns.describe(type.get())));
      return Optional.empty();
    }
    if (time != Time.TEXT && format.isPresent()) {
      format
          .get()
          .problem(
              "field '%s' is %s; only a string has a format, remove it"
                  .formatted(field.value(), Columns.describe(type.get())));
      return Optional.empty();
    }
    return Optional.of(field.value());
  }

  /** A pattern must be able to give back the date that it has written. */
  private static String pattern(String pattern) {
    DateTimeFormatter formatter;
    try {
      formatter = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'%s' is not a date and time pattern: %s; write one such as yyyy-MM-dd HH:mm:ss"
              .formatted(pattern, e.getMessage()),
          e);
    }
    LocalDateTime read = roundTrip(formatter);
    if (!read.toLocalDate().equals(SAMPLE.toLocalDate())) {
      throw new IllegalArgumentException(
          ("pattern '%s' does not tell a full date; write yyyy or uuuu for the year, MM for the "
                  + "month, dd for the day")
              .formatted(pattern));
    }
    if (pattern.contains("h") && read.getHour() != SAMPLE.getHour()) {
      throw new IllegalArgumentException(
          "pattern '%s' does not tell morning from evening; write HH for the hour, or hh with a"
              .formatted(pattern));
    }
    return pattern;
  }

  private static LocalDateTime roundTrip(DateTimeFormatter formatter) {
    try {
      TemporalAccessor read = formatter.parse(formatter.format(SAMPLE.atZone(ZoneOffset.UTC)));
      LocalDate date = read.query(TemporalQueries.localDate());
      LocalTime time = read.query(TemporalQueries.localTime());
      return date == null
          ? LocalDateTime.MIN
          : date.atTime(time == null ? LocalTime.MIDNIGHT : time);
    } catch (DateTimeException e) {
      return LocalDateTime.MIN;
    }
  }
}
