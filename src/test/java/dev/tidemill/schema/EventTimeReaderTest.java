package dev.tidemill.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.definition.EventTime;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.apache.avro.Schema;

final class EventTimeReaderTest {
  private static final String MINUTES = "yyyy/MM/dd HH:mm";
  private static final String STRING = "'string'";
  private static final long YEAR_1 = -62_135_596_800L;
  private static final long YEAR_9998 = 253_370_764_800L;

  @Property
  void every_local_time_is_what_zoned_date_time_says(
      @ForAll("zones") String zone, @ForAll @LongRange(min = YEAR_1, max = YEAR_9998) long second)
      throws DecodeException {
    ZoneId id = ZoneId.of(zone);
    // Transitions are rare in ten thousand years: one time of each pair is close to one.
    ZoneOffsetTransition transition = id.getRules().nextTransition(Instant.ofEpochSecond(second));
    EventTimeReader reader = reader(STRING, "uuuu-MM-dd HH:mm:ss", zone);
    long near = transition == null ? second : transition.toEpochSecond();
    for (long offset : new long[] {0, -3601, -1, 1, 1800, 3600, 7200, -86_400, 86_400}) {
      LocalDateTime local =
          LocalDateTime.ofEpochSecond(
              near
                  + offset
                  + id.getRules().getOffset(Instant.ofEpochSecond(near)).getTotalSeconds(),
              0,
              ZoneOffset.UTC);
      String text = local.format(DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss"));
      if (local.getYear() >= 2 && local.getYear() <= 9998) {
        assertThat(reader.epochMillis(new Object[] {text}))
            .isEqualTo(ZonedDateTime.of(local, id).toInstant().toEpochMilli());
      }
    }
  }

  @Provide
  Arbitrary<String> zones() {
    return Arbitraries.of(
        "UTC",
        "America/New_York",
        "Europe/Berlin",
        "Pacific/Apia",
        "Australia/Lord_Howe",
        "Pacific/Chatham",
        "Asia/Kathmandu",
        "Africa/Casablanca");
  }

  @Example
  void a_pattern_is_in_its_zone() throws DecodeException {
    assertThat(millis(STRING, MINUTES, "America/New_York", "2024/07/01 08:30"))
        .isEqualTo("2024-07-01T12:30:00Z");
  }

  @Example
  void in_the_hour_that_autumn_repeats_the_earlier_offset_is_meant() throws DecodeException {
    assertThat(millis(STRING, MINUTES, "America/New_York", "2024/11/03 01:30"))
        .isEqualTo("2024-11-03T05:30:00Z");
  }

  @Example
  void a_time_that_spring_skips_is_moved_on_by_the_gap() throws DecodeException {
    assertThat(millis(STRING, MINUTES, "America/New_York", "2024/03/10 02:30"))
        .isEqualTo("2024-03-10T07:30:00Z");
  }

  @Example
  void a_date_is_the_start_of_its_day_in_the_zone() throws DecodeException {
    int day = (int) LocalDate.of(2024, 7, 1).toEpochDay();
    assertThat(millis("{'type': 'int', 'logicalType': 'date'}", "", "Europe/Berlin", day))
        .isEqualTo("2024-06-30T22:00:00Z");
  }

  @Example
  void a_pattern_without_a_time_of_day_means_the_start_of_the_day() throws DecodeException {
    assertThat(millis(STRING, "dd.MM.yyyy", "Europe/Berlin", "01.07.2024"))
        .isEqualTo("2024-06-30T22:00:00Z");
  }

  @Example
  void a_long_is_milliseconds() throws DecodeException {
    assertThat(millis("'long'", "", "Europe/Berlin", 1L)).isEqualTo("1970-01-01T00:00:00.001Z");
  }

  @Example
  void a_local_timestamp_is_in_the_zone() throws DecodeException {
    String type = "{'type': 'long', 'logicalType': 'local-timestamp-millis'}";
    assertThat(millis(type, "", "Europe/Berlin", 0L)).isEqualTo("1969-12-31T23:00:00Z");
  }

  @Example
  void iso_text_without_offset_is_in_the_zone() throws DecodeException {
    assertThat(millis(STRING, "", "Europe/Berlin", "2024-07-01T12:00:00"))
        .isEqualTo("2024-07-01T10:00:00Z");
    assertThat(millis(STRING, "", "Europe/Berlin", "2024-07-01T12:00:00.5"))
        .isEqualTo("2024-07-01T10:00:00.500Z");
  }

  @Example
  void iso_text_with_offset_is_an_instant() throws DecodeException {
    assertThat(millis(STRING, "", "Europe/Berlin", "2024-07-01T12:00:00-05:00"))
        .isEqualTo("2024-07-01T17:00:00Z");
  }

  @Example
  void a_pattern_with_names_and_half_days_is_read_in_english() throws DecodeException {
    assertThat(millis(STRING, "d MMM yyyy h:mm a", "UTC", "3 Mar 2024 1:05 PM"))
        .isEqualTo("2024-03-03T13:05:00Z");
  }

  @Example
  void a_pattern_with_an_offset_is_an_instant() throws DecodeException {
    assertThat(millis(STRING, "yyyy-MM-dd HH:mmXXX", "Asia/Tokyo", "2024-03-03 13:05+01:00"))
        .isEqualTo("2024-03-03T12:05:00Z");
  }

  @Example
  void it_may_be_within_records_each_of_which_may_be_null() throws DecodeException {
    Schema schema =
        Rows.record(
            """
            {'name': 'a', 'type': ['null', {'type': 'record', 'name': 'A', 'fields': [
              {'name': 'other', 'type': 'int'},
              {'name': 'map', 'type': {'type': 'map', 'values': 'int'}},
              {'name': 'b', 'type': {'type': 'record', 'name': 'B', 'fields': [
                {'name': 'at', 'type': 'long'}]}}]}]}
            """);
    EventTime time = new EventTime("a.b.at", Optional.empty(), ZoneOffset.UTC);
    EventTimeReader reader = new EventTimeReader(time, schema);
    assertThat(reader.epochMillis(new Object[] {List.of(1, List.of(7L))})).isEqualTo(7);
    assertThatThrownBy(() -> reader.epochMillis(new Object[] {null}))
        .isInstanceOf(DecodeException.class)
        .hasMessage("event time 'a.b.at' is null");
    EventTime wrong = new EventTime("a.b.by", Optional.empty(), ZoneOffset.UTC);
    assertThatThrownBy(() -> new EventTimeReader(wrong, schema))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'a.b.by' is not a field of schema");
  }

  @Example
  void null_is_no_event_time() {
    assertRefused("'long'", "", null, "event time 'at' is null");
  }

  @Example
  void an_impossible_date_is_refused_not_moved() {
    assertRefused(STRING, MINUTES, "2023/02/29 12:00", "'2023/02/29 12:00', not a time like yyyy");
  }

  @Example
  void text_of_another_form_is_refused() {
    assertRefused(STRING, "", "yesterday", "'yesterday', not a time like ISO-8601");
  }

  @Example
  void far_years_are_refused() {
    assertRefused("'long'", "", Long.MAX_VALUE, "not within the years 1 to 9999");
    assertRefused("'long'", "", Long.MIN_VALUE, "not within the years 1 to 9999");
    assertRefused(STRING, "", "+999999999-01-01T00:00:00Z", "event time 'at'");
    assertRefused(
        "{'type': 'int', 'logicalType': 'date'}", "", Integer.MAX_VALUE, "the years 1 to 9999");
    assertRefused(
        "{'type': 'long', 'logicalType': 'local-timestamp-millis'}",
        "",
        Long.MAX_VALUE,
        "the years 1 to 9999");
  }

  @Property(tries = 200)
  void any_text_is_a_time_or_a_decode_exception(@ForAll String text) {
    try {
      reader(STRING, "", "Europe/Berlin").epochMillis(new Object[] {text});
    } catch (DecodeException expected) {
      assertThat(expected).hasMessageContaining("event time 'at'");
    }
  }

  @Example
  void the_field_must_exist() {
    EventTime eventTime = new EventTime("when", Optional.empty(), ZoneId.of("UTC"));
    Schema schema = Rows.record("{'name': 'at', 'type': 'long'}");
    assertThatThrownBy(() -> new EventTimeReader(eventTime, schema))
        .hasMessage("'when' is not a field of schema 'Row'");
  }

  @Example
  void the_field_must_be_a_time() {
    assertThatThrownBy(() -> reader("'boolean'", "", "UTC"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("of type boolean");
  }

  @Example
  void a_pattern_must_give_a_date() {
    assertThatThrownBy(() -> reader(STRING, "HH:mm", "UTC"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("year, month and day are needed");
  }

  @Example
  void a_pattern_must_not_leave_half_the_day_open() {
    assertThatThrownBy(() -> reader(STRING, "yyyy-MM-dd hh:mm", "UTC"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("use HH, or hh with a");
  }

  private static void assertRefused(String type, String format, Object value, String why) {
    assertThatThrownBy(() -> reader(type, format, "UTC").epochMillis(new Object[] {value}))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining(why);
  }

  private static String millis(String type, String format, String zone, Object value)
      throws DecodeException {
    EventTimeReader reader = reader(type, format, zone);
    return Instant.ofEpochMilli(reader.epochMillis(new Object[] {value})).toString();
  }

  private static EventTimeReader reader(String type, String format, String zone) {
    Optional<String> pattern = format.isEmpty() ? Optional.empty() : Optional.of(format);
    return new EventTimeReader(
        new EventTime("at", pattern, ZoneId.of(zone)),
        Rows.record("{'name': 'at', 'type': " + type + "}"));
  }
}
