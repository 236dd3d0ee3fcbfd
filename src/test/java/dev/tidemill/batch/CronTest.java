package dev.tidemill.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {
  private static final List<String> MONTHS =
      List.of("jan", "Feb", "MAR", "jun", "Oct", "nov", "DEC");
  private static final List<String> DAYS = List.of("sun", "Mon", "TUE", "wed", "thu", "Fri", "SAT");

  @Property(tries = 300)
  void the_next_time_is_the_first_that_matches(
      @ForAll("crons") String text, @ForAll("times") LocalDateTime time) {
    CronOracle oracle = new CronOracle(text);
    Optional<LocalDateTime> next = oracle.next(time);
    if (next.isPresent() || oracle.everMatches()) {
      assertThat(Cron.parse(text).next(time)).as(text).isEqualTo(next);
    } else {
      assertThatThrownBy(() -> Cron.parse(text)).as(text).hasMessageContaining("never happens");
    }
  }

  @Property(tries = 300)
  void the_floor_is_the_last_time_that_matches(
      @ForAll("crons") String text, @ForAll("times") LocalDateTime time) {
    CronOracle oracle = new CronOracle(text);
    Optional<LocalDateTime> floor = oracle.floor(time);
    if (floor.isPresent() || oracle.everMatches()) {
      assertThat(Cron.parse(text).floor(time)).as(text).isEqualTo(floor);
    } else {
      assertThatThrownBy(() -> Cron.parse(text)).as(text).hasMessageContaining("never happens");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "@secondly, * * * * * *",
    "@minutely, * * * * *",
    "@hourly, 0 * * * *",
    "@daily, 0 0 * * *",
    "@midnight, 0 0 * * *",
    "@weekly, 0 0 * * 0",
    "@monthly, 0 0 1 * *",
    "@yearly, 0 0 1 1 *",
    "@annually, 0 0 1 1 *"
  })
  void a_macro_is_its_cron(String macro, String cron) {
    ZoneId havana = ZoneId.of("America/Havana");
    Schedule expected = new ZonedSchedule(Cron.parse(cron), havana);
    Schedule actual = new ZonedSchedule(Macro.written(macro).orElseThrow(), havana);
    LocalDateTime autumn = LocalDateTime.of(2026, 10, 31, 22, 0);
    assertThat(actual.after(autumn.atZone(havana).toInstant()).limit(500))
        .containsExactlyElementsOf(
            expected.after(autumn.atZone(havana).toInstant()).limit(500).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 * * * *", "*/15 * * * *", "5,35 */1 1 * *", "0 0-23 * * 1"})
  void has_a_time_in_every_hour(String cron) {
    assertThat(Cron.parse(cron).everyHour()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 0 * * *", "0 */2 * * *", "* 1-23 * * *", "30 2 * * *"})
  void has_no_time_in_some_hours(String cron) {
    assertThat(Cron.parse(cron).everyHour()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "2004-02-28T23:59, 2000-02-29T00:00",
    "2004-02-29T00:00, 2004-02-29T00:00",
    "2103-01-01T00:00, 2096-02-29T00:00"
  })
  void finds_leap_days(LocalDateTime time, LocalDateTime floor) {
    assertThat(Cron.parse("0 0 29 2 *").floor(time)).contains(floor);
  }

  @ParameterizedTest
  @CsvSource({
    "1W, 2026-08-03",
    "15W, 2026-08-14",
    "15W, 2026-11-16",
    "31W, 2027-01-29",
    "31W, 2026-12-31",
    "LW, 2027-01-29",
    "L, 2028-02-29"
  })
  void knows_the_weekday_that_is_nearest_within_the_month(String day, LocalDate date) {
    assertThat(
            Cron.parse("0 0 " + day + " " + date.getMonthValue() + " *")
                .next(date.withDayOfMonth(1).atStartOfDay().minusSeconds(1)))
        .contains(date.atStartOfDay());
  }

  @Test
  void ends_with_its_last_year() {
    Cron cron = Cron.parse("0 0 0 1 1 ? 2027-2028");
    assertThat(cron.isEndless()).isFalse();
    assertThat(cron.next(LocalDateTime.of(2028, 1, 1, 0, 0))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 0 * *               | write five fields (minute hour day month weekday), six with a second in front, or seven with a year behind",
        "60 * * * *            | '60' is no minute; write 0 to 59",
        "0 0 0 * *             | '0' is no day of the month; write 1 to 31",
        "a b c d e             | 'a' is no minute; write 0 to 59",
        "0 0 * FEV *           | 'FEV' is no month; write 1 to 12 or JAN to DEC",
        "0 0 * * 8             | '8' is no day of the week; write 0 to 7 or SUN to SAT",
        "0 0 * * L             | 'L' needs a day of the week, such as 5L",
        "0 0 * * MON#6         | '#6' is no week of a month; write #1 to #5",
        "0 0 32W * *           | '32' is no day of the month",
        "0 0 1, * *            | '' is no day of the month",
        "*/0 * * * *           | '/0' is no step of a minute; write 1 to 59",
        "*/90 * * * *          | '/90' is no step of a minute; write 1 to 59",
        "0 0 0 1 1 ? 2030-2028 | years 2030-2028 run backwards",
        "0 0 0 1 1 ? 26        | '26' is no year; write 1970 to 2199",
        "0 0 31 2 *            | '0 0 31 2 *' never happens",
        "0 0 0 30W 2 *         | never happens",
        "0 0 0 29 2 ? 2027     | never happens"
      })
  void says_what_is_no_cron(String cron, String message) {
    assertThatThrownBy(() -> Cron.parse(cron))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + cron + "'")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* * * * *           | every minute",
        "*/5 * * * *         | every 5 minutes",
        "0 * * * *           | every hour",
        "15 * * * *          | at minute 15 of every hour",
        "0,20,45 * * * *     | at minutes 0, 20 and 45 of every hour",
        "0 */2 * * *         | every 2 hours",
        "15 */2 * * *        | at minute 15 of every 2nd hour",
        "*/7 * * * *         | at minutes 0, 7, 14, 21, 28, 35, 42, 49 and 56 of every hour",
        "*/5 9-17 * * MON-FRI | every 5 minutes of hours 9 to 17, every weekday",
        "0 18-6 * * *        | at minute 0 of hours 0 to 6 and 18 to 23",
        "30 6 * * *          | every day at 06:30",
        "30 6 * * 1-5        | every weekday at 06:30",
        "30 6,18 * * SAT,SUN | every Saturday and Sunday at 06:30 and 18:30",
        "0 0 * * FRI-MON     | every Monday and Friday to Sunday at 00:00",
        "0 0 1 * *           | on the 1st of every month at 00:00",
        "0 0 1,15 1,7 *      | on the 1st and 15th of January and July at 00:00",
        "0 0 13 * FRI        | on the 13th of every month, and also every Friday at 00:00",
        "0 0 L * *           | on the last day of every month at 00:00",
        "0 0 LW * *          | on the last weekday of every month at 00:00",
        "0 0 15W,L * *       | on the weekday nearest to the 15th and the last day of every month at 00:00",
        "0 9 * * MON#2       | on the 2nd Monday of every month at 09:00",
        "0 9 * * 5L          | on the last Friday of every month at 09:00",
        "0 9 1 * TUE#1       | on the 1st and the 1st Tuesday of every month at 09:00",
        "0 0 */2 * *         | on every 2nd day of every month at 00:00",
        "0 0 * JUL *         | every day in July at 00:00",
        "*/10 * * JUL *      | every 10 minutes, in July",
        "30 30 6 * * *       | every day at 06:30:30",
        "*/10 * * * * *      | every 10 seconds",
        "* * * * * *         | every second",
        "*/10 0-4 3 * * *    | every 10 seconds of minutes 0 to 4 of hour 3",
        "0 0 0 1 1 ? 2027-2029 | on the 1st of January at 00:00, in 2027 to 2029"
      })
  void says_in_words_what_it_means(String cron, String words) {
    assertThat(Cron.parse(cron).inWords()).isEqualTo(words);
  }

  @Provide
  Arbitrary<String> crons() {
    Arbitrary<String> second = list(number(0, 59, List.of()));
    Arbitrary<String> minute = list(number(0, 59, List.of()));
    Arbitrary<String> hour = list(number(0, 23, List.of()));
    Arbitrary<String> day =
        list(
            Arbitraries.frequencyOf(
                Tuple.of(4, number(1, 31, List.of())),
                Tuple.of(1, Arbitraries.integers().between(1, 31).map(n -> n + "W")),
                Tuple.of(1, Arbitraries.of("L", "LW", "lw"))));
    Arbitrary<String> month = list(number(1, 12, MONTHS));
    Arbitrary<String> named =
        Arbitraries.oneOf(
            Arbitraries.of(DAYS), Arbitraries.integers().between(0, 7).map(String::valueOf));
    Arbitrary<String> weekday =
        list(
            Arbitraries.frequencyOf(
                Tuple.of(4, number(0, 7, DAYS)),
                Tuple.of(1, named.map(d -> d + "L")),
                Tuple.of(
                    1,
                    Combinators.combine(named, Arbitraries.integers().between(1, 5))
                        .as((d, n) -> d + "#" + n))));
    Arbitrary<String> year =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.just("*")),
            Tuple.of(1, Arbitraries.of("1999-2003", "2004", "1970/10", "*/4", "2010,2012")));
    Arbitrary<String> five =
        Combinators.combine(minute, hour, orAny(day), month, orAny(weekday))
            .as((a, b, c, d, e) -> String.join(" ", a, b, c, d, e));
    return Arbitraries.oneOf(
        five,
        Combinators.combine(second, five).as((s, f) -> s + " " + f),
        Combinators.combine(second, five, year).as((s, f, y) -> s + " " + f + " " + y));
  }

  private static Arbitrary<String> orAny(Arbitrary<String> field) {
    return Arbitraries.frequencyOf(Tuple.of(2, field), Tuple.of(1, Arbitraries.of("*", "?")));
  }

  private static Arbitrary<String> list(Arbitrary<String> element) {
    return element.list().ofMinSize(1).ofMaxSize(3).map(parts -> String.join(",", parts));
  }

  /** A number, a range that may go over the end, all, each perhaps with a step. */
  private static Arbitrary<String> number(int min, int max, List<String> names) {
    Arbitrary<String> one = Arbitraries.integers().between(min, max).map(n -> n.toString());
    Arbitrary<String> value = names.isEmpty() ? one : Arbitraries.oneOf(one, Arbitraries.of(names));
    Arbitrary<String> range =
        Arbitraries.oneOf(
            value,
            Combinators.combine(value, value).as((a, b) -> a + "-" + b),
            Arbitraries.just("*"));
    return Combinators.combine(
            range,
            Arbitraries.integers().between(1, Math.min(6, max - min)),
            Arbitraries.of(true, false))
        .as((r, step, hasStep) -> hasStep ? r + "/" + step : r);
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
