package dev.tidemill.schema;

import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What is read without java.time has to be what java.time says, and what is not has to fail. */
final class CanonicalTimeTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .parseLenient()
          .appendOffset("+HH", "Z")
          .toFormatter(Locale.ROOT);
  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendOptional(between('T'))
          .appendOptional(between(' '))
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private static DateTimeFormatter between(char literal) {
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendLiteral(literal)
        .append(TIME)
        .toFormatter(Locale.ROOT);
  }

  @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE)
  void a_timestamp_is_what_java_time_says(@ForAll("timestamps") String text) {
    assertThat(result(IsoTime::epochMillis, text)).isEqualTo(result(java(UTC)::apply, text));
  }

  @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE)
  void a_timestamp_of_a_zone_is_what_java_time_says(@ForAll("timestamps") String text) {
    LocalTimeline timeline = new LocalTimeline(BERLIN);
    assertThat(result(some -> IsoTime.epochMillis(some, timeline), text))
        .isEqualTo(result(java(BERLIN)::apply, text));
  }

  @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE)
  void a_local_time_is_what_java_time_says(@ForAll("timestamps") String text) {
    Optional<Long> expected =
        result(
            some -> {
              if (ISO.parse(some).query(TemporalQueries.offset()) != null) {
                throw new DateTimeException("not local");
              }
              return java(UTC).apply(some);
            },
            text);
    assertThat(result(IsoTime::localMillis, text)).isEqualTo(expected);
    long local = CanonicalTime.localMillis(text);
    assertThat(local).isIn(CanonicalTime.OTHER, expected.orElse(CanonicalTime.OTHER));
  }

  @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE)
  void a_date_is_what_java_time_says(@ForAll("dates") String text) {
    assertThat(CanonicalTime.epochDay(text))
        .isIn(
            CanonicalTime.OTHER,
            result(some -> LocalDate.parse(some).toEpochDay(), text).orElse(CanonicalTime.OTHER));
  }

  @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE)
  void a_time_of_day_is_what_java_time_says(@ForAll("times") String text) {
    assertThat(CanonicalTime.milliOfDay(text))
        .isIn(
            CanonicalTime.OTHER,
            result(some -> LocalTime.parse(some).toNanoOfDay() / 1_000_000, text)
                .orElse(CanonicalTime.OTHER));
  }

  /** Else all of the above would be true of a class that does nothing. */
  @Example
  void the_usual_forms_are_read() {
    assertThat(CanonicalTime.epochDay("2024-02-29")).isEqualTo(19_782);
    assertThat(CanonicalTime.milliOfDay("23:59")).isEqualTo(86_340_000);
    assertThat(CanonicalTime.milliOfDay("23:59:59")).isEqualTo(86_399_000);
    assertThat(CanonicalTime.milliOfDay("00:00:00.1")).isEqualTo(100);
    assertThat(CanonicalTime.milliOfDay("00:00:00.123999999")).isEqualTo(123);
    assertThat(CanonicalTime.localMillis("1970-01-01")).isZero();
    assertThat(CanonicalTime.localMillis("1970-01-02 00:00")).isEqualTo(86_400_000);
    assertThat(CanonicalTime.localMillis("1969-12-31T23:59:59.999")).isEqualTo(-1);
    assertThat(CanonicalTime.offsetMillis("Z", 0)).isZero();
    assertThat(CanonicalTime.offsetMillis("+05:30", 0)).isEqualTo(19_800_000);
    assertThat(CanonicalTime.offsetMillis("-18:00", 0)).isEqualTo(-64_800_000);
  }

  private static Function<String, Long> java(ZoneId zone) {
    return text -> {
      TemporalAccessor parsed = ISO.parse(text);
      LocalDate date = parsed.query(TemporalQueries.localDate());
      LocalTime time = parsed.query(TemporalQueries.localTime());
      ZoneId own = parsed.query(TemporalQueries.offset());
      LocalDateTime local = date.atTime(time == null ? LocalTime.MIDNIGHT : time);
      return ZonedDateTime.of(local, own == null ? zone : own).toInstant().toEpochMilli();
    };
  }

  /** Empty if it is refused. */
  private static Optional<Long> result(ToLongFunction<String> reader, String text) {
    try {
      return Optional.of(reader.applyAsLong(text));
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  @Provide
  Arbitrary<String> timestamps() {
    Arbitrary<String> between = oneOf("T", "T", "T", " ", " ", "t", "", "  ", "_");
    Arbitrary<String> offset =
        oneOf(
            "",
            "",
            "Z",
            "Z",
            "z",
            "+00:00",
            "-00:00",
            "+01:00",
            "-05:30",
            "+18:00",
            "+18:01",
            "-19:00",
            "+00:60",
            "+01",
            "+0130",
            "+01:30:15",
            "+1:00",
            "+01:0",
            "Z ",
            "UTC",
            "+-1:00");
    return Arbitraries.frequencyOf(
        Tuple.of(1, dates()),
        Tuple.of(
            9,
            broken(
                Combinators.combine(dates(), between, times(), offset)
                    .as((date, t, time, zone) -> date + t + time + zone))));
  }

  @Provide
  Arbitrary<String> dates() {
    Arbitrary<String> year =
        oneOf(
            "0000",
            "0001",
            "1600",
            "1899",
            "1900",
            "1969",
            "1970",
            "2000",
            "2023",
            "2024",
            "2100",
            "9999",
            "+10000",
            "-0001",
            "10000",
            "999",
            "+2024",
            "+999999999",
            "-999999999");
    Arbitrary<String> month = Arbitraries.integers().between(0, 13).map("%02d"::formatted);
    Arbitrary<String> day =
        Arbitraries.frequencyOf(
            Tuple.of(1, oneOf("00", "28", "29", "30", "31", "32")),
            Tuple.of(1, Arbitraries.integers().between(1, 31).map("%02d"::formatted)));
    return broken(Combinators.combine(year, month, day).as((y, m, d) -> y + "-" + m + "-" + d));
  }

  @Provide
  Arbitrary<String> times() {
    Arbitrary<String> hour = Arbitraries.integers().between(0, 25).map("%02d"::formatted);
    Arbitrary<String> sixty = Arbitraries.integers().between(0, 61).map("%02d"::formatted);
    Arbitrary<String> seconds = sixty.map(second -> ":" + second);
    Arbitrary<String> fraction =
        oneOf(
            "",
            "",
            ".",
            ".0",
            ".9",
            ".12",
            ".123",
            ".1239",
            ".123456",
            ".999999999",
            ".0000000001");
    return broken(
        Combinators.combine(
                hour, sixty, Combinators.combine(seconds, fraction).as(String::concat).optional())
            .as((h, m, s) -> h + ":" + m + s.orElse("")));
  }

  private static Arbitrary<String> oneOf(String... texts) {
    return Arbitraries.of(texts);
  }

  /** One of ten has one character too many, too few, or another one. */
  private static Arbitrary<String> broken(Arbitrary<String> good) {
    Arbitrary<String> one =
        oneOf("", "0", "9", ":", "-", "+", ".", "Z", "T", " ", "/", "a", "\u0663");
    Arbitrary<String> bad =
        Combinators.combine(good, Arbitraries.integers().between(0, 40), one, Arbitraries.of(0, 1))
            .as(
                (text, at, with, without) -> {
                  int place = Math.min(at, text.length() - 1);
                  return text.substring(0, place) + with + text.substring(place + without);
                });
    return Arbitraries.frequencyOf(Tuple.of(9, good), Tuple.of(1, bad));
  }
}
