package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class LedgerTableTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @Test
  void an_hour_that_the_clock_repeats_tells_which_of_both_it_is() {
    assertThat(
            Stream.of("2026-10-24T23:00:00Z", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z")
                .map(time -> LedgerTable.local(Instant.parse(time), BERLIN)))
        .containsExactly("2026-10-25 01:00", "2026-10-25 02:00+02:00", "2026-10-25 02:00+01:00");
    assertThat(LedgerTable.local(Instant.parse("2026-10-25T02:00:00Z"), BERLIN))
        .isEqualTo("2026-10-25 03:00");
    assertThat(LedgerTable.local(Instant.parse("2026-10-25T00:00:07Z"), ZoneOffset.UTC))
        .isEqualTo("2026-10-25 00:00:07");
  }
}
