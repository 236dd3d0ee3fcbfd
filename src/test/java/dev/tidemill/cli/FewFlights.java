package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Three flights on two days: enough for everything but speed. */
final class FewFlights {
  static final String CSV =
      Project.HEADER
          + "2001/01/01 08:00,10,100,JFK,BOS\n"
          + "2001/01/01 09:00,20,200,JFK,ATL\n"
          + "2001/01/02 08:00,-5,300,BOS,JFK\n";

  private FewFlights() {}

  /** The run went well, and every flight is loaded once. */
  static void assertLoaded(Tidemill.Outcome outcome, String url) {
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("3 records read, each accounted for");
    assertThat(
            Table.query(
                url,
                "SELECT origin, departures, avg_delay, worst_delay, miles FROM departures"
                    + " ORDER BY batch_start"))
        .containsExactly(List.of("JFK", 2L, 15.0, 20L, 300L), List.of("BOS", 1L, -5.0, -5L, 300L));
  }

  /** The run ended because something is missing, and said so in one message without a trace. */
  static void assertUnavailable(Tidemill.Outcome outcome, String... parts) {
    assertThat(outcome.err())
        .contains("tidemill: ")
        .contains(parts)
        .doesNotContain("this is a bug")
        .doesNotContain("\tat ")
        .doesNotContain("Exception in thread");
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(3);
  }
}
