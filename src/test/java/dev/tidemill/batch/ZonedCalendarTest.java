package dev.tidemill.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The days that everybody gets wrong, by name. */
class ZonedCalendarTest {

  @ParameterizedTest
  @CsvSource({
    "America/New_York, 2001-04-01, PT23H",
    "America/New_York, 2001-10-28, PT25H",
    "America/New_York, 2001-07-04, PT24H",
    "America/Havana, 2001-10-28, PT25H",
    "America/Sao_Paulo, 2001-10-14, PT23H",
    "Australia/Lord_Howe, 2001-10-28, PT23H30M",
    "Australia/Lord_Howe, 2001-03-25, PT24H30M",
    "UTC, 2001-04-01, PT24H"
  })
  void a_day_is_as_long_as_its_zone_makes_it(String zone, String date, Duration length) {
    assertThat(batch(Macro.DAILY, zone, date + "T12:00").length()).isEqualTo(length);
  }

  @Test
  void spring_has_no_batch_for_the_hour_that_does_not_exist() {
    assertThat(hoursOf("America/New_York", "2001-04-01"))
        .hasSize(23)
        .allSatisfy(batch -> assertThat(batch.length()).isEqualTo(Duration.ofHours(1)));
  }

  @Test
  void autumn_has_two_batches_for_the_hour_that_comes_twice() {
    List<Batch> hours = hoursOf("America/New_York", "2001-10-28");
    assertThat(hours)
        .hasSize(25)
        .allSatisfy(batch -> assertThat(batch.length()).isEqualTo(Duration.ofHours(1)))
        .filteredOn(batch -> localHour(batch, "America/New_York") == 1)
        .hasSize(2);
  }

  @Test
  void berlin_has_two_batches_at_two() {
    assertThat(hoursOf("Europe/Berlin", "2001-10-28"))
        .filteredOn(batch -> localHour(batch, "Europe/Berlin") == 2)
        .hasSize(2);
  }

  @Test
  void a_day_without_midnight_begins_with_its_first_instant() {
    Batch day = batch(Macro.DAILY, "America/Sao_Paulo", "2001-10-14T12:00");
    assertThat(day.start().atZone(ZoneId.of("America/Sao_Paulo")).toLocalDateTime())
        .isEqualTo("2001-10-14T01:00:00");
  }

  @Test
  void a_day_with_two_midnights_begins_with_the_first() {
    assertThat(batch(Macro.DAILY, "America/Havana", "2001-10-28T00:30").start())
        .isEqualTo("2001-10-28T04:00:00Z");
  }

  @Test
  void lord_howe_has_half_an_hour_in_spring() {
    assertThat(batch(Macro.HOURLY, "Australia/Lord_Howe", "2001-10-28T02:45").length())
        .isEqualTo(Duration.ofMinutes(30));
  }

  @Test
  void lord_howe_has_an_hour_and_a_half_in_autumn() {
    assertThat(batch(Macro.HOURLY, "Australia/Lord_Howe", "2001-03-25T01:45").length())
        .isEqualTo(Duration.ofMinutes(90));
  }

  @Test
  void apia_has_no_batch_for_the_day_it_skipped() {
    Batch before = batch(Macro.DAILY, "Pacific/Apia", "2011-12-29T12:00");
    Batch after = calendar(Macro.DAILY, "Pacific/Apia").next(before);
    assertThat(after.start().atZone(ZoneId.of("Pacific/Apia")).toLocalDateTime())
        .isEqualTo("2011-12-31T00:00:00");
  }

  @Test
  void apias_days_around_the_one_it_skipped_are_whole() {
    Batch before = batch(Macro.DAILY, "Pacific/Apia", "2011-12-29T12:00");
    Batch after = calendar(Macro.DAILY, "Pacific/Apia").next(before);
    assertThat(List.of(before.length(), after.length())).containsOnly(Duration.ofDays(1));
  }

  @Test
  void a_week_is_from_sunday_to_sunday() {
    assertThat(batch(Macro.WEEKLY, "UTC", "2001-04-04T00:00"))
        .hasToString("[2001-04-01T00:00:00Z, 2001-04-08T00:00:00Z)");
  }

  @Test
  void a_month_has_its_days() {
    assertThat(batch(Macro.MONTHLY, "UTC", "2004-02-10T00:00").length())
        .isEqualTo(Duration.ofDays(29));
  }

  @Test
  void a_year_begins_at_local_midnight() {
    assertThat(batch(Macro.YEARLY, "Asia/Tokyo", "2001-01-01T00:00").start())
        .isEqualTo("2000-12-31T15:00:00Z");
  }

  @Test
  void a_boundary_belongs_to_the_batch_that_it_opens() {
    Instant midnight = Instant.parse("2001-04-01T00:00:00Z");
    assertThat(new ZonedCalendar(Macro.DAILY, ZoneId.of("UTC")).batchOf(midnight).start())
        .isEqualTo(midnight);
  }

  @Test
  void every_event_time_that_a_long_can_hold_has_a_batch() {
    Instant farthest = Instant.ofEpochMilli(Long.MAX_VALUE);
    assertThat(calendar(Macro.YEARLY, "Europe/Berlin").batchOf(farthest).contains(farthest))
        .isTrue();
  }

  private static ZonedCalendar calendar(Macro macro, String zone) {
    return new ZonedCalendar(macro, ZoneId.of(zone));
  }

  private static Batch batch(Macro macro, String zone, String local) {
    return calendar(macro, zone)
        .batchOf(LocalDateTime.parse(local).atZone(ZoneId.of(zone)).toInstant());
  }

  private static List<Batch> hoursOf(String zone, String date) {
    Batch day = batch(Macro.DAILY, zone, date + "T12:00");
    ZonedCalendar hourly = calendar(Macro.HOURLY, zone);
    List<Batch> hours = new ArrayList<>();
    for (Batch b = hourly.batchOf(day.start()); day.contains(b.start()); b = hourly.next(b)) {
      hours.add(b);
    }
    return hours;
  }

  private static int localHour(Batch batch, String zone) {
    ZonedDateTime start = batch.start().atZone(ZoneId.of(zone));
    return start.truncatedTo(ChronoUnit.HOURS).getHour();
  }
}
