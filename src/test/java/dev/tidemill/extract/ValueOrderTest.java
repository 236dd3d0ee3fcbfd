package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueOrderTest {

  @ParameterizedTest
  @CsvSource({
    "9, 10, -1",
    "-2, 1.5, -1",
    "1.0, 1.00, 0",
    "2026-01-01T00:00:00Z, 2026-01-01T00:30:00+01:00, 1",
    "2026-01-01T00:00:00Z, 2026-01-01T01:00:00+01:00, 0",
    "2026-01-01T00:00:00Z, 2026-01-01T00:00:00.001Z, -1",
    "2026-01-01, 2026-01-02, -1",
    "9a, 10, 1",
    "1e9999999999, 2, -1"
  })
  void values_are_compared_as_what_they_are(String one, String other, int order) {
    assertThat(Integer.signum(ValueOrder.INSTANCE.compare(one, other))).isEqualTo(order);
    assertThat(Integer.signum(ValueOrder.INSTANCE.compare(other, one))).isEqualTo(-order);
  }
}
