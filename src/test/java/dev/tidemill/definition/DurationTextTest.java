package dev.tidemill.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "30s, PT30S",
    "5m, PT5M",
    "2h, PT2H",
    "7d, PT168H",
    "0s, PT0S",
    "PT2H, PT2H",
    "P1DT30M, PT24H30M"
  })
  void understands(String text, Duration duration) {
    assertThat(DurationText.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2", "h", "2 h", "2H", "1.5h", "-2h", "PT-2H", "PT", "1w", "P1M"})
  void refuses(String text) {
    assertThatThrownBy(() -> DurationText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "'%s' is not a duration; write a number with ms, s, m, h or d, such as 30s or 2h",
            text);
  }

  @Test
  void some_must_be_longer_than_nothing() {
    assertThatThrownBy(() -> DurationText.parsePositive("PT0S"))
        .hasMessage("'PT0S' must be longer than 0s");
  }
}
