package dev.tidemill.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FixedCalendarPropertyTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @Property
  void a_batch_contains_its_time_and_has_the_length(
      @ForAll("calendars") FixedCalendar calendar, @ForAll("times") Instant time) {
    Batch batch = calendar.batchOf(time);
    assertThat(batch.contains(time)).isTrue();
    assertThat(batch.length()).isEqualTo(calendar.length());
  }

  @Property
  void every_instant_of_a_batch_gives_the_same_batch(
      @ForAll("calendars") FixedCalendar calendar, @ForAll("times") Instant time) {
    Batch batch = calendar.batchOf(time);
    assertThat(calendar.batchOf(batch.start())).isEqualTo(batch);
    assertThat(calendar.batchOf(batch.end().minusNanos(1))).isEqualTo(batch);
  }

  @Property
  void the_next_batch_starts_where_this_one_ends(
      @ForAll("calendars") FixedCalendar calendar, @ForAll("times") Instant time) {
    Batch batch = calendar.batchOf(time);
    assertThat(calendar.next(batch).start()).isEqualTo(batch.end());
    assertThat(calendar.previous(calendar.next(batch))).isEqualTo(batch);
  }

  @Property
  void a_batch_begins_whole_lengths_after_1970_and_the_offset(
      @ForAll("calendars") FixedCalendar calendar, @ForAll("times") Instant time) {
    Duration since = Duration.between(Instant.EPOCH, calendar.batchOf(time).start());
    assertThat(since.minus(calendar.offset()).toSeconds() % calendar.length().toSeconds()).isZero();
  }

  @Example
  void a_boundary_belongs_to_the_batch_that_it_opens_also_before_1970() {
    FixedCalendar calendar = new FixedCalendar(Duration.ofHours(6), Duration.ofHours(2));
    assertThat(calendar.batchOf(Instant.parse("2001-04-01T08:00:00Z")))
        .hasToString("[2001-04-01T08:00:00Z, 2001-04-01T14:00:00Z)");
    assertThat(calendar.batchOf(Instant.parse("1969-12-31T20:00:00Z")))
        .hasToString("[1969-12-31T20:00:00Z, 1970-01-01T02:00:00Z)");
    assertThat(calendar.batchOf(Instant.parse("1969-12-31T19:59:59.999Z")))
        .hasToString("[1969-12-31T14:00:00Z, 1969-12-31T20:00:00Z)");
  }

  @Example
  void every_event_time_that_a_long_can_hold_has_a_batch() {
    FixedCalendar calendar = new FixedCalendar(Duration.ofSeconds(90), Duration.ofSeconds(89));
    for (long time : new long[] {Long.MIN_VALUE, Long.MAX_VALUE}) {
      Instant farthest = Instant.ofEpochMilli(time);
      assertThat(calendar.batchOf(farthest).contains(farthest)).isTrue();
    }
  }

  @Example
  void other_lengths_and_offsets_are_refused() {
    assertRefused(Duration.ofMillis(999), Duration.ZERO);
    assertRefused(Duration.ofMillis(1500), Duration.ZERO);
    assertRefused(Duration.ofDays(367), Duration.ZERO);
    assertRefused(HOUR, HOUR);
    assertRefused(HOUR, Duration.ofMillis(1));
    assertRefused(HOUR, Duration.ofSeconds(-1));
  }

  private static void assertRefused(Duration length, Duration offset) {
    assertThatThrownBy(() -> new FixedCalendar(length, offset))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Provide
  Arbitrary<FixedCalendar> calendars() {
    return Arbitraries.longs()
        .between(1, Duration.ofDays(366).toSeconds())
        .flatMap(
            length ->
                Arbitraries.longs()
                    .between(0, length - 1)
                    .map(
                        offset ->
                            new FixedCalendar(
                                Duration.ofSeconds(length), Duration.ofSeconds(offset))));
  }

  /** Of the years that an event time may be in. */
  @Provide
  Arbitrary<Instant> times() {
    return Combinators.combine(
            Arbitraries.longs()
                .between(
                    Instant.parse("0001-01-01T00:00:00Z").getEpochSecond(),
                    Instant.parse("9999-12-31T23:59:59Z").getEpochSecond()),
            Arbitraries.integers().between(0, 999))
        .as((seconds, millis) -> Instant.ofEpochSecond(seconds).plusMillis(millis));
  }
}
