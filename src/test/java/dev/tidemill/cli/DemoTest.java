package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a newcomer sees. */
final class DemoTest {

  @Test
  void the_demo_shows_the_pipeline_its_progress_its_books_its_result_and_where_it_is() {
    Tidemill.Outcome demo = Tidemill.run("demo");
    assertThat(demo.exitCode()).as(demo.err()).isZero();
    assertThat(demo.out())
        .contains("SELECT a.state,", "batch @daily in America/New_York")
        .containsPattern("2001-01-01 00:00 +24 h +1 +LOADED +CLOCK +14,828 .* balanced")
        .containsPattern("2001-01-02 00:00 +24 h +1 +LOADED +END_OF_INPUT +16,850 .* balanced")
        .contains("Every book balances: 31,678 records read, each accounted for.")
        .containsPattern("2001-01-02 00:00 +CA +2059 +463 +0.528 +1822405")
        .contains("The warehouse is examples/flights/warehouse.duckdb", "duckdb examples/");
    assertThat(demo.err())
        .contains("extracted 31,678 rows (100 %), accounted for 31,678, batches 2, loaded 2")
        .doesNotContain("WARN", "ERROR", "Exception");
  }
}
