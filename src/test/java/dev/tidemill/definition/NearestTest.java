package dev.tidemill.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  private static final List<String> KEYS = List.of("timezone", "grace", "keep", "every");

  @ParameterizedTest
  @CsvSource({
    "timezon, timezone",
    "time-zone, timezone",
    "timeZone, timezone",
    "garce, grace",
    "kep, keep",
    "evrey, every"
  })
  void finds_what_was_meant(String word, String meant) {
    assertThat(Nearest.to(word, KEYS)).contains(meant);
  }

  @Test
  void is_never_the_word_itself() {
    assertThat(Nearest.to("keep", KEYS)).isEmpty();
  }

  @Test
  void does_not_guess() {
    assertThat(Nearest.to("colour", KEYS)).isEmpty();
  }

  @Test
  void hints_at_all_there_is_when_nothing_is_near() {
    assertThat(Nearest.hint("colour", KEYS, "known are"))
        .isEqualTo("; known are timezone, grace, keep, every");
  }
}
