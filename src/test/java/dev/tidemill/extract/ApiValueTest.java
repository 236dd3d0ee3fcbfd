package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.definition.Overlap;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiValueTest {

  @ParameterizedTest
  @CsvSource({
    "9, 10, -1",
    "-2, 1.5, -1",
    "1.0, 1.00, 0",
    "2026-01-01T00:00:00Z, 2026-01-01T00:30:00+01:00, 1",
    "2026-01-01T00:00:00Z, 2026-01-01T01:00:00+0100, 0",
    "2026-01-01T00:00:00Z, 2026-01-01T00:00:00.001Z, -1",
    "2026-01-01 00:00, 2026-01-01T00:00:01, -1",
    "2026-01-01, 2026-01-02, -1",
    "2026-13-01, 2026-13-02, -1",
    "9a, 10, 1",
    "1e9999999999, 2, -1"
  })
  void values_are_compared_as_what_they_are(String one, String other, int order) {
    assertThat(Integer.signum(ApiValue.of(one).compareTo(ApiValue.of(other)))).isEqualTo(order);
    assertThat(Integer.signum(ApiValue.of(other).compareTo(ApiValue.of(one)))).isEqualTo(-order);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-01T00:10:00Z, 2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00.50+01:00, 2025-12-31T23:50:00.50+01:00",
    "2026-01-01 00:00:30, 2025-12-31 23:50:30",
    "2026-01-01T00:00-0500, 2025-12-31T23:50-0500",
    "2026-01-02, 2026-01-01",
    "17, 17",
    "a text, a text"
  })
  void a_time_less_ten_minutes_is_written_as_the_api_writes_it(String value, String begin) {
    Optional<Overlap> overlap = Optional.of(new Overlap(Duration.ofMinutes(10), 0));
    assertThat(ApiValue.of(value).minus(overlap)).hasToString(begin);
  }

  @ParameterizedTest
  @CsvSource({"1000, 500", "400.25, 0", "0, 0", "-3, -3"})
  void a_number_less_500_does_not_become_negative(String value, String begin) {
    Optional<Overlap> overlap = Optional.of(new Overlap(Duration.ZERO, 500));
    assertThat(ApiValue.of(value).minus(overlap)).hasToString(begin);
  }

  @Test
  void only_times_have_an_overlap_unless_it_is_written() {
    assertThat(ApiValue.of("2026-01-01T00:05:00Z").minus(Optional.empty()))
        .hasToString("2026-01-01T00:00:00Z");
    assertThat(ApiValue.of("1000").minus(Optional.empty())).hasToString("1000");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-01T11:59:59Z, 2026-01-01T11:59:59Z",
    "2026-01-01T12:00:00.001Z, 2026-01-01T12:00:00.000Z",
    "2099-01-01T00:00:00+02:00, 2026-01-01T14:00:00+02:00",
    "2026-01-02T01:00:00, 2026-01-02T01:00:00",
    "2026-01-02T03:00:00, 2026-01-02T02:00:00",
    "2026-01-03, 2026-01-02"
  })
  void a_time_of_the_future_is_now(String value, String now) {
    Clock noon = Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC);
    assertThat(ApiValue.of(value).notAfter(noon)).hasToString(now);
  }
}
