package dev.tidemill.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.Macro;
import dev.tidemill.batch.ZonedCalendar;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronRecurrenceTest {

  /** A cron and, independently, which minutes it means. */
  record Example(String cron, Predicate<LocalDateTime> matches) {}

  @Property(tries = 300)
  void the_next_boundary_is_the_first_minute_that_matches(
      @ForAll("examples") Example example, @ForAll("times") LocalDateTime time) {
    LocalDateTime expected = time.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
    while (!example.matches().test(expected)) {
      expected = expected.plusMinutes(1);
    }
    assertThat(CronRecurrence.parse(example.cron()).next(time))
        .as(example.cron())
        .isEqualTo(expected);
  }

  @Property(tries = 300)
  void the_floor_is_the_last_minute_that_matches(
      @ForAll("examples") Example example, @ForAll("times") LocalDateTime time) {
    LocalDateTime expected = time.truncatedTo(ChronoUnit.MINUTES);
    while (!example.matches().test(expected)) {
      expected = expected.minusMinutes(1);
    }
    assertThat(CronRecurrence.parse(example.cron()).floor(time))
        .as(example.cron())
        .isEqualTo(expected);
  }

  @Property(tries = 200)
  void the_daily_cron_is_the_daily_macro(@ForAll("times") LocalDateTime time) {
    ZoneId havana = ZoneId.of("America/Havana");
    Instant instant = time.atZone(havana).toInstant();
    Batch batch = new ZonedCalendar(CronRecurrence.parse("0 0 * * *"), havana).batchOf(instant);
    assertThat(batch).isEqualTo(new ZonedCalendar(Macro.DAILY, havana).batchOf(instant));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 * * * *", "*/15 * * * *", "5,35 */1 1 * *", "0 0-23 * * 1"})
  void has_a_boundary_in_every_hour(String cron) {
    assertThat(CronRecurrence.parse(cron).everyHour()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 0 * * *", "0 */2 * * *", "* 1-23 * * *", "30 2 * * *"})
  void has_no_boundary_in_some_hours(String cron) {
    assertThat(CronRecurrence.parse(cron).everyHour()).isFalse();
  }

  @Test
  void every_half_hour_repeats_lord_howes_half_hour() {
    ZonedCalendar calendar =
        new ZonedCalendar(CronRecurrence.parse("*/30 * * * *"), ZoneId.of("Australia/Lord_Howe"));
    Batch second = calendar.batchOf(Instant.parse("2001-03-24T15:00:00Z"));
    assertThat(second).hasToString("[2001-03-24T15:00:00Z, 2001-03-24T15:30:00Z)");
  }

  @ParameterizedTest
  @CsvSource({
    "2004-02-28T23:59, 2000-02-29T00:00",
    "2004-02-29T00:00, 2004-02-29T00:00",
    "2103-01-01T00:00, 2096-02-29T00:00"
  })
  void finds_leap_days(LocalDateTime time, LocalDateTime floor) {
    assertThat(CronRecurrence.parse("0 0 29 2 *").floor(time)).isEqualTo(floor);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0 0 * *", "0 0 0 * * *", "60 * * * *", "a b c d e", "0 0 31 2 *"})
  void refuses_what_is_no_cron(String cron) {
    assertThatThrownBy(() -> CronRecurrence.parse(cron))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + cron + "'");
  }

  @Provide
  Arbitrary<Example> examples() {
    return Arbitraries.of(
        new Example("*/15 * * * *", t -> t.getMinute() % 15 == 0),
        new Example("5-59/20 * * * *", t -> t.getMinute() % 20 == 5),
        new Example("30 2 * * *", t -> t.getMinute() == 30 && t.getHour() == 2),
        new Example("0 */6 * * *", t -> t.getMinute() == 0 && t.getHour() % 6 == 0),
        new Example(
            "0 0,12 1,15 * *",
            t ->
                t.getMinute() == 0
                    && t.getHour() % 12 == 0
                    && (t.getDayOfMonth() == 1 || t.getDayOfMonth() == 15)),
        new Example(
            "0 6 * * MON-FRI",
            t -> t.getMinute() == 0 && t.getHour() == 6 && t.getDayOfWeek().getValue() <= 5),
        new Example(
            "0 0 * * 0",
            t -> t.getMinute() == 0 && t.getHour() == 0 && t.getDayOfWeek().getValue() == 7),
        new Example(
            "0 0 * * 7",
            t -> t.getMinute() == 0 && t.getHour() == 0 && t.getDayOfWeek().getValue() == 7),
        new Example(
            "0 0 13 * 5",
            t ->
                t.getMinute() == 0
                    && t.getHour() == 0
                    && (t.getDayOfMonth() == 13 || t.getDayOfWeek().getValue() == 5)),
        new Example(
            "45 23 31 */2 *",
            t ->
                t.getMinute() == 45
                    && t.getHour() == 23
                    && t.getDayOfMonth() == 31
                    && t.getMonthValue() % 2 == 1));
  }

  @Provide
  Arbitrary<LocalDateTime> times() {
    LocalDateTime from = LocalDateTime.of(1995, 1, 1, 0, 0);
    return Combinators.combine(
            Arbitraries.integers().between(0, 20 * 366 * 1440),
            Arbitraries.longs().between(0, 59_999_999_999L))
        .as((minutes, nanos) -> from.plusMinutes(minutes).plusNanos(nanos));
  }
}
