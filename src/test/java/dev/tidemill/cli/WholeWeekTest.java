package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** 113,493 flights, a batch a day, into two databases: what a nightly job would have loaded. */
final class WholeWeekTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final UndisturbedWeek week = UndisturbedWeek.get();

  @Test
  void the_run_ends_well_and_says_that_every_record_is_accounted_for() {
    assertThat(week.outcome().exitCode()).as(week.outcome().err()).isZero();
    assertThat(week.outcome().out())
        .contains("Every book balances: 113,493 records read, each accounted for.");
  }

  @Test
  void the_target_holds_what_the_same_statement_gives_for_each_day_in_duckdb() {
    List<List<Object>> expected = FlightsWeek.nightlyJob(week.csv());
    List<List<Object>> loaded = week.content();
    assertThat(loaded).hasSameSizeAs(expected).hasSizeGreaterThan(1_500);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(exact(loaded.get(i))).isEqualTo(exact(expected.get(i)));
      double average = (Double) expected.get(i).get(4);
      assertThat((Double) loaded.get(i).get(4))
          .as("avg_delay of %s", expected.get(i))
          .isCloseTo(average, org.assertj.core.data.Offset.offset(1e-9));
    }
  }

  private static List<Object> exact(List<Object> row) {
    List<Object> exact = new ArrayList<>(row);
    exact.remove(4);
    return exact;
  }

  @Test
  void both_targets_hold_the_same_to_the_last_bit() {
    assertThat(Table.query(week.postgres(), FlightsWeek.LOADED)).isEqualTo(week.content());
  }

  @Test
  void the_ledger_holds_a_balanced_book_for_each_day_and_every_flight_in_one_of_them()
      throws Exception {
    Tidemill.Outcome batches =
        Tidemill.run(
            "batches",
            "flights-per-origin",
            "--embedded",
            "--data-dir",
            week.project().dataDir(),
            "--json");
    assertThat(batches.exitCode()).as(batches.err()).isZero();
    List<JsonNode> entries = new ArrayList<>();
    for (String line : batches.out().lines().toList()) {
      entries.add(JSON.readTree(line));
    }
    assertThat(entries).hasSize(FlightsWeek.DAYS);
    assertThat(entries)
        .allSatisfy(
            entry -> {
              assertThat(entry.path("state").asText()).isEqualTo("LOADED");
              assertThat(entry.path("balanced").asBoolean()).isTrue();
              assertThat(entry.path("attempt").asInt()).isEqualTo(1);
              assertThat(entry.path("loaded").path("duckdb:departures").asLong())
                  .isEqualTo(entry.path("rows").asLong());
              assertThat(entry.path("loaded").path("postgres:departures").asLong())
                  .isEqualTo(entry.path("rows").asLong());
            });
    assertThat(entries.stream().mapToLong(entry -> entry.path("read").asLong()).sum())
        .isEqualTo(FlightsWeek.FLIGHTS);
    assertThat(entries.stream().mapToLong(entry -> entry.path("accepted").asLong()).sum())
        .isEqualTo(FlightsWeek.FLIGHTS);
  }
}
