package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.time.ZoneId;
import java.util.Optional;

/**
 * Which field tells when a record's event happened.
 *
 * @param field a field of the source's schema, or by a path one of a record within it: a timestamp,
 *     a date, a long (ms since the epoch) or a string; or {@code record-timestamp}
 * @param format for strings: a {@link java.time.format.DateTimeFormatter} pattern; empty: ISO-8601
 * @param timezone the zone of local times; unused for instants. In the hour that autumn repeats the
 *     earlier offset is meant, in the one that spring skips the time is moved on by the gap, as
 *     {@link java.time.ZonedDateTime#ofLocal} does
 */
public record EventTime(String field, Optional<String> format, ZoneId timezone) {
  /** Stands for Kafka's own time of the record: no field can have this name. */
  static final String RECORD_TIMESTAMP = "record-timestamp";

  public EventTime {
    requireNonNull(field, "field");
    requireNonNull(format, "format");
    requireNonNull(timezone, "timezone");
  }

  /** Whether Kafka's time of the record is meant, and no field. */
  public boolean isRecordTimestamp() {
    return field.equals(RECORD_TIMESTAMP);
  }
}
