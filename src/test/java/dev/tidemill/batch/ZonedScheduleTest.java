package dev.tidemill.batch;

import static java.time.DayOfWeek.SUNDAY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.ZonedSchedule.RepeatedHour;
import dev.tidemill.batch.ZonedSchedule.SkippedHour;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedules around changes of the clock, by name, and all of them against a walk by minutes. */
class ZonedScheduleTest {
  private static final Instant FROM = Instant.parse("2019-01-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2029-01-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "RUN_AT_ONCE, 2026-03-28T01:30:00Z 2026-03-29T01:00:00Z 2026-03-30T00:30:00Z",
    "SKIP, 2026-03-28T01:30:00Z 2026-03-30T00:30:00Z"
  })
  void half_past_two_is_skipped_in_berlin(SkippedHour skipped, String firings) {
    assertThat(firings("30 2 * * *", skipped, RepeatedHour.FIRST, "2026-03-28", 3))
        .isEqualTo(firings);
  }

  @ParameterizedTest
  @CsvSource({
    "FIRST, 2026-10-24T00:30:00Z 2026-10-25T00:30:00Z 2026-10-26T01:30:00Z",
    "SECOND, 2026-10-24T00:30:00Z 2026-10-25T01:30:00Z 2026-10-26T01:30:00Z",
    "BOTH, 2026-10-24T00:30:00Z 2026-10-25T00:30:00Z 2026-10-25T01:30:00Z 2026-10-26T01:30:00Z"
  })
  void half_past_two_is_repeated_in_berlin(RepeatedHour repeated, String firings) {
    assertThat(firings("30 2 * * *", SkippedHour.SKIP, repeated, "2026-10-24", 3))
        .isEqualTo(firings);
  }

  @Test
  void what_was_skipped_and_what_is_due_then_are_one_firing() {
    assertThat(
            firings(
                "0,15,30 2,3 * * *", SkippedHour.RUN_AT_ONCE, RepeatedHour.FIRST, "2026-03-29", 1))
        .isEqualTo("2026-03-29T01:00:00Z 2026-03-29T01:15:00Z 2026-03-29T01:30:00Z");
  }

  @Test
  void every_five_minutes_go_on_through_the_repeated_hour() {
    ZonedSchedule schedule =
        new ZonedSchedule(Cron.parse("*/5 * * * *"), ZoneId.of("America/New_York"));
    Instant autumn = Instant.parse("2026-11-01T03:00:00Z");
    assertThat(schedule.between(autumn, autumn.plus(Duration.ofHours(6)))).hasSize(72);
  }

  @Test
  void every_half_hour_repeats_lord_howes_half_hour() {
    ZonedCalendar calendar =
        new ZonedCalendar(Cron.parse("*/30 * * * *"), ZoneId.of("Australia/Lord_Howe"));
    Batch second = calendar.batchOf(Instant.parse("2001-03-24T15:00:00Z"));
    assertThat(second).hasToString("[2001-03-24T15:00:00Z, 2001-03-24T15:30:00Z)");
  }

  @Test
  void a_schedule_with_years_begins_and_ends() {
    ZonedSchedule schedule =
        new ZonedSchedule(Cron.parse("0 0 0 1 1 ? 2027,2028"), ZoneId.of("Europe/Berlin"));
    assertThat(schedule.after(Instant.EPOCH))
        .containsExactly(
            Instant.parse("2026-12-31T23:00:00Z"), Instant.parse("2027-12-31T23:00:00Z"));
    assertThat(schedule.floor(Instant.parse("2026-12-31T22:59:59Z"))).isEmpty();
  }

  @Test
  void the_latest_firings_are_bounded() {
    Schedule schedule = FixedSchedule.every(Duration.ofSeconds(10));
    assertThat(schedule.latest(Instant.EPOCH, Instant.parse("2026-01-01T00:00:05Z"), 2))
        .containsExactly(
            Instant.parse("2025-12-31T23:59:50Z"), Instant.parse("2026-01-01T00:00:00Z"));
  }

  @Test
  void once_is_once() {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    assertThat(new OnceSchedule(start).after(start.minusNanos(1))).containsExactly(start);
    assertThat(new OnceSchedule(start).previous(start)).isEmpty();
  }

  @Test
  void around_every_change_of_ten_years_it_fires_as_a_walk_by_minutes_says() {
    walk(
        Duration.ofHours(2),
        Map.of(
            "30 2 * * *", t -> t.getHour() == 2 && t.getMinute() == 30,
            "*/20 * * * *", t -> t.getMinute() % 20 == 0,
            "0 0 * * *", t -> t.getHour() == 0 && t.getMinute() == 0));
  }

  @Test
  @Tag("faults")
  void around_every_change_more_crons_fire_as_a_walk_by_minutes_says() {
    walk(
        Duration.ofDays(2),
        Map.of(
            "* * * * *", t -> true,
            "0 * * * *", t -> t.getMinute() == 0,
            "15,45 1-3 * * *",
                t -> t.getMinute() % 30 == 15 && t.getHour() >= 1 && t.getHour() <= 3,
            "0 3 * * *", t -> t.getHour() == 3 && t.getMinute() == 0,
            "59 1 * * SUN",
                t -> t.getHour() == 1 && t.getMinute() == 59 && t.getDayOfWeek() == SUNDAY));
  }

  /**
   * @param crons and, independently, which minutes they mean
   */
  private static void walk(Duration around, Map<String, Predicate<LocalDateTime>> crons) {
    int changes = 0;
    for (ZoneId zone : zones()) {
      for (ZoneOffsetTransition change : changes(zone)) {
        changes++;
        List<Minute> minutes = minutes(zone, change.getInstant(), around);
        crons.forEach((cron, isDue) -> check(Cron.parse(cron), zone, minutes, isDue));
      }
    }
    assertThat(changes).isGreaterThan(900);
  }

  private static void check(
      Cron cron, ZoneId zone, List<Minute> minutes, Predicate<LocalDateTime> isDue) {
    Instant from = minutes.get(0).time().minusNanos(1);
    Instant to = minutes.get(minutes.size() - 1).time();
    List<Minute> due = minutes.stream().filter(m -> isDue.test(m.wall())).toList();
    List<Minute> late = minutes.stream().filter(m -> m.skipped().stream().anyMatch(isDue)).toList();
    for (SkippedHour skipped : SkippedHour.values()) {
      for (RepeatedHour repeated : RepeatedHour.values()) {
        NavigableSet<Instant> expected = new TreeSet<>();
        due.stream().filter(m -> m.counts(repeated)).map(Minute::time).forEach(expected::add);
        if (skipped == SkippedHour.RUN_AT_ONCE) {
          late.forEach(minute -> expected.add(minute.time()));
        }
        ZonedSchedule schedule = new ZonedSchedule(cron, zone, skipped, repeated);
        if (!schedule.between(from, to).toList().equals(List.copyOf(expected))
            || !schedule.latest(from, to, Integer.MAX_VALUE).equals(List.copyOf(expected))) {
          assertThat(schedule.between(from, to))
              .as("%s", schedule)
              .containsExactlyElementsOf(expected);
          assertThat(schedule.latest(from, to, Integer.MAX_VALUE))
              .as("%s", schedule)
              .containsExactlyElementsOf(expected);
        }
      }
    }
  }

  /**
   * A minute, and what the clock on the wall says.
   *
   * @param skipped what it has not said since the minute before
   * @param times of a minute that reads the same
   * @param nth which of them it is
   */
  private record Minute(
      Instant time, LocalDateTime wall, List<LocalDateTime> skipped, int times, int nth) {
    boolean counts(RepeatedHour repeated) {
      return times == 1
          || repeated == RepeatedHour.BOTH
          || nth == (repeated == RepeatedHour.FIRST ? 0 : 1);
    }
  }

  /** Goes from minute to minute. */
  private static List<Minute> minutes(ZoneId zone, Instant middle, Duration around) {
    List<Minute> minutes = new ArrayList<>();
    LocalDateTime before = null;
    for (Instant now = middle.minus(around);
        !now.isAfter(middle.plus(around));
        now = now.plusSeconds(60)) {
      LocalDateTime wall = LocalDateTime.ofInstant(now, zone);
      List<LocalDateTime> skipped =
          before == null
              ? List.of()
              : Stream.iterate(before.plusMinutes(1), wall::isAfter, t -> t.plusMinutes(1))
                  .toList();
      List<ZoneOffset> offsets = zone.getRules().getValidOffsets(wall);
      int nth = offsets.indexOf(zone.getRules().getOffset(now));
      minutes.add(new Minute(now, wall, skipped, offsets.size(), nth));
      before = wall;
    }
    return minutes;
  }

  /** Zones with the same rules are one. */
  private static Collection<ZoneId> zones() {
    Map<ZoneRules, ZoneId> zones = new LinkedHashMap<>();
    ZoneId.getAvailableZoneIds().stream()
        .sorted()
        .map(ZoneId::of)
        .forEach(zone -> zones.putIfAbsent(zone.getRules(), zone));
    return zones.values();
  }

  private static List<ZoneOffsetTransition> changes(ZoneId zone) {
    List<ZoneOffsetTransition> changes = new ArrayList<>();
    ZoneOffsetTransition change = zone.getRules().nextTransition(FROM);
    while (change != null && change.getInstant().isBefore(TO)) {
      changes.add(change);
      change = zone.getRules().nextTransition(change.getInstant());
    }
    return changes;
  }

  private static String firings(
      String cron, SkippedHour skipped, RepeatedHour repeated, String date, int days) {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    Instant from = LocalDateTime.parse(date + "T00:00").atZone(berlin).toInstant();
    return String.join(
        " ",
        new ZonedSchedule(Cron.parse(cron), berlin, skipped, repeated)
            .between(from, from.plus(Duration.ofDays(days)))
            .map(Instant::toString)
            .toList());
  }
}
