package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.schema.Reject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reasons that differ only from record to record are counted as one. */
final class RejectKindTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "extract | readings.jsonl:6: field 'litres': double is expected, found the string 'high'"
            + " | field 'litres': double is expected, found the string '…'",
        "late | the record of 2026-03-28T17:00:00Z came PT7H of event time after its batch"
            + " 2026-03-27T23:00:00Z and its grace were over"
            + " | the record of … came … of event time after its batch … and its grace were over",
        "decode | schema id 17 is not in the registry | schema id … is not in the registry",
        "sql | litres / minutes: division by zero | litres / minutes: division by zero",
      })
  void what_differs_is_taken_out(String step, String reason, String general) {
    assertThat(kind(step, reason)).isEqualTo(general);
  }

  @Test
  void the_name_of_a_rule_is_kept_as_it_is() {
    assertThat(kind("expect", "at-most-100")).isEqualTo("at-most-100");
  }

  private static String kind(String step, String reason) {
    return RejectKind.of(
            new Reject(
                "t",
                0,
                0,
                0,
                step,
                reason,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of()))
        .reason();
  }
}
