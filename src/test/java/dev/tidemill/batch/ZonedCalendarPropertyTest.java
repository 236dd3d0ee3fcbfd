package dev.tidemill.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The calendar against java.time's own answers, in every zone that has transitions. */
class ZonedCalendarPropertyTest {
  private static final Instant FROM = Instant.parse("1900-01-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2045-01-01T00:00:00Z");

  /** Zones with the same rules are one; what is left are the distinct histories of the clock. */
  private static final List<ZoneId> ZONES =
      ZoneId.getAvailableZoneIds().stream()
          .sorted()
          .map(ZoneId::of)
          .filter(zone -> !zone.getRules().isFixedOffset())
          .collect(
              LinkedHashMap<ZoneRules, ZoneId>::new,
              (map, zone) -> map.putIfAbsent(zone.getRules(), zone),
              Map::putAll)
          .values()
          .stream()
          .toList();

  /** A moment near a change of the clock, where everything that can go wrong does. */
  record Moment(ZoneId zone, Instant time) {}

  @Property(tries = 3000)
  void a_batch_contains_its_time(@ForAll("moments") Moment moment, @ForAll Macro macro) {
    assertThat(calendar(macro, moment).batchOf(moment.time()).contains(moment.time())).isTrue();
  }

  @Property(tries = 3000)
  void every_instant_of_a_batch_gives_the_same_batch(
      @ForAll("moments") Moment moment, @ForAll Macro macro) {
    ZonedCalendar calendar = calendar(macro, moment);
    Batch batch = calendar.batchOf(moment.time());
    assertThat(
            List.of(calendar.batchOf(batch.start()), calendar.batchOf(batch.end().minusNanos(1))))
        .containsOnly(batch);
  }

  @Property(tries = 3000)
  void the_next_batch_starts_where_this_one_ends(
      @ForAll("moments") Moment moment, @ForAll Macro macro) {
    ZonedCalendar calendar = calendar(macro, moment);
    Batch batch = calendar.batchOf(moment.time());
    assertThat(calendar.next(batch).start()).isEqualTo(batch.end());
  }

  @Property(tries = 3000)
  void previous_is_the_inverse_of_next(@ForAll("moments") Moment moment, @ForAll Macro macro) {
    ZonedCalendar calendar = calendar(macro, moment);
    Batch batch = calendar.batchOf(moment.time());
    assertThat(calendar.previous(calendar.next(batch))).isEqualTo(batch);
  }

  @Property(tries = 3000)
  void a_day_starts_when_java_time_says(@ForAll("moments") Moment moment) {
    ZonedCalendar daily = calendar(Macro.DAILY, moment);
    Batch day = daily.batchOf(moment.time());
    LocalDate date = day.start().atZone(moment.zone()).toLocalDate();
    assertThat(day.start()).isEqualTo(date.atStartOfDay(moment.zone()).toInstant());
  }

  @Property(tries = 2000)
  void months_and_years_start_when_java_time_says(@ForAll("moments") Moment moment) {
    LocalDate date = moment.time().atZone(moment.zone()).toLocalDate();
    LocalDate month = date.withDayOfMonth(1);
    Instant noon = date.withDayOfMonth(15).atTime(12, 0).atZone(moment.zone()).toInstant();
    assertThat(calendar(Macro.MONTHLY, moment).batchOf(noon))
        .isEqualTo(
            new Batch(
                month.atStartOfDay(moment.zone()).toInstant(),
                month.plusMonths(1).atStartOfDay(moment.zone()).toInstant()));
  }

  @Example
  void hours_and_days_around_every_transition_are_those_of_the_rule() {
    for (ZoneId zone : ZONES) {
      for (ZoneOffsetTransition transition : transitions(zone)) {
        for (Macro macro : List.of(Macro.HOURLY, Macro.DAILY)) {
          Instant from = transition.getInstant().minus(Duration.ofDays(2));
          Instant to = transition.getInstant().plus(Duration.ofDays(2));
          assertThat(boundaries(new ZonedCalendar(macro, zone), from, to))
              .as("%s %s around %s", zone, macro, transition)
              .isEqualTo(oracle(macro, zone, from, to));
        }
      }
    }
  }

  @Provide
  Arbitrary<Moment> moments() {
    Arbitrary<Moment> nearTransition =
        Arbitraries.of(ZONES)
            .flatMap(
                zone ->
                    Combinators.combine(
                            Arbitraries.of(transitions(zone)),
                            Arbitraries.longs().between(-200_000_000L, 200_000_000L))
                        .as((t, ms) -> new Moment(zone, t.getInstant().plusMillis(ms))));
    Arbitrary<Moment> anywhere =
        Combinators.combine(
                Arbitraries.of(ZONES),
                Arbitraries.longs().between(FROM.toEpochMilli(), TO.toEpochMilli()))
            .as((zone, ms) -> new Moment(zone, Instant.ofEpochMilli(ms)));
    return Arbitraries.oneOf(nearTransition, anywhere);
  }

  private static ZonedCalendar calendar(Macro macro, Moment moment) {
    return new ZonedCalendar(macro, moment.zone());
  }

  private static List<ZoneOffsetTransition> transitions(ZoneId zone) {
    List<ZoneOffsetTransition> transitions = new ArrayList<>();
    for (ZoneOffsetTransition t = zone.getRules().nextTransition(Instant.MIN);
        t != null && t.getInstant().isBefore(TO);
        t = zone.getRules().nextTransition(t.getInstant())) {
      transitions.add(t);
    }
    return transitions;
  }

  private static NavigableSet<Instant> boundaries(Calendar calendar, Instant from, Instant to) {
    NavigableSet<Instant> boundaries = new TreeSet<>();
    for (Batch b = calendar.next(calendar.batchOf(from));
        b.start().isBefore(to);
        b = calendar.next(b)) {
      boundaries.add(b.start());
    }
    return boundaries;
  }

  /** The rule as it is written, read from the local times' side. */
  private static NavigableSet<Instant> oracle(Macro macro, ZoneId zone, Instant from, Instant to) {
    NavigableSet<Instant> boundaries = new TreeSet<>();
    LocalDateTime last = LocalDateTime.ofInstant(to, ZoneOffset.UTC).plusDays(2);
    for (LocalDateTime local =
            macro.floor(LocalDateTime.ofInstant(from, ZoneOffset.UTC).minusDays(2)).orElseThrow();
        local.isBefore(last);
        local = macro.next(local).orElseThrow()) {
      List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
      if (offsets.isEmpty()) {
        boundaries.add(zone.getRules().getTransition(local).getInstant());
      } else if (macro.everyHour()) {
        for (ZoneOffset offset : offsets) {
          boundaries.add(local.toInstant(offset));
        }
      } else {
        boundaries.add(local.toInstant(offsets.get(0)));
      }
    }
    return boundaries.subSet(from, false, to, false);
  }
}
