package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.Breach;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.sql.Query;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold for a batch before anybody sees it: `require`. */
class GateTest {
  private static final Spec SUMS = Spec.sums(2).expect("k-is-known", "k <> 'unknown'").soonIdle();

  private static SimulatedPipeline pipeline(String gate) {
    return new SimulatedPipeline(
        new SimulatedPipeline.Parts(SUMS.require("gate", gate)), Share.CHUNK);
  }

  private static LedgerEntry only(SimulatedPipeline pipeline) {
    assertThat(pipeline.entries()).hasSize(1);
    return pipeline.entries().iterator().next();
  }

  private static Breach breach(LedgerEntry entry) {
    assertThat(entry.state()).isEqualTo(BatchState.QUARANTINED);
    assertThat(entry.quarantine().orElseThrow().breaches()).hasSize(1);
    return entry.quarantine().orElseThrow().breaches().get(0);
  }

  @Test
  void a_batch_that_keeps_its_gate_is_ready() {
    SimulatedPipeline pipeline = pipeline("rejected < 0.5 * read");
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a"));
    pipeline.settle();

    assertThat(only(pipeline).state()).isEqualTo(BatchState.READY);
    assertThat(only(pipeline).quarantine()).isEmpty();
  }

  @Test
  void a_batch_that_breaks_a_gate_over_its_books_is_in_quarantine_with_the_values() {
    SimulatedPipeline pipeline = pipeline("rejected <\n  0.5 * read");
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a"));
    pipeline.append(1, Event.of("2024-03-10T05:10:00", "unknown"));
    pipeline.settle();

    Breach breach = breach(only(pipeline));
    assertThat(breach.gate()).isEqualTo("gate");
    assertThat(breach.rule()).isEqualTo("rejected < 0.5 * read");
    assertThat(breach.reason()).isEqualTo("rejected = 1, read = 2");
    assertThat(breach.samples()).isEmpty();
  }

  @Test
  void a_gate_sees_what_the_joins_found() {
    SimulatedPipeline pipeline =
        new SimulatedPipeline(
            new SimulatedPipeline.Parts(
                SUMS.sql("SELECT e.k, n.name FROM events e LEFT JOIN names n ON e.k = n.k")
                    .names(Query.OnMiss.JOIN)
                    .require("gate", "Misses_Names < 0.5 * read")),
            Share.CHUNK);
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a"));
    pipeline.append(1, Event.of("2024-03-10T05:10:00", "b"));
    pipeline.settle();

    assertThat(breach(only(pipeline)).reason()).isEqualTo("misses_names = 1, read = 2");
  }

  @Test
  void a_gate_sees_which_records_a_table_kept_waiting_for_too_long() {
    SimulatedPipeline pipeline =
        new SimulatedPipeline(
            new SimulatedPipeline.Parts(
                SUMS.rates(Duration.ZERO)
                    .sql(
                        "SELECT e.k, r.amount FROM events e"
                            + " LEFT JOIN rates FOR SYSTEM_TIME AS OF e.at r ON e.k = r.k")
                    .require("gate", "waited_out_rates = 0")),
            Share.CHUNK);
    for (int partition = 0; partition < SimulatedPipeline.TABLE_PARTITIONS; partition++) {
      Event rate = Event.of("2024-03-10T05:10:30", "k" + partition, 1);
      pipeline.appendRate(partition, rate.k(), Optional.of(rate), rate.at());
    }
    pipeline.tableIsReadUntil(Instant.parse("2024-03-11T00:00:00Z"));
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a"), Event.of("2024-03-10T05:11:00", "a"));
    pipeline.append(1, Event.of("2024-03-10T05:12:00", "unknown"));
    pipeline.settle();

    assertThat(breach(only(pipeline)).reason()).isEqualTo("waited_out_rates = 1");
  }

  @Test
  void a_gate_sees_what_the_shares_joined() {
    SimulatedPipeline pipeline =
        new SimulatedPipeline(
            new SimulatedPipeline.Parts(
                SUMS.sql(
                        "SELECT a.k, b.amount FROM events a JOIN events b"
                            + " ON a.k = b.k AND a.amount < b.amount")
                    .require("gate", "misses_events = 0 OR hits_events <> 2")),
            Share.CHUNK);
    pipeline.append(
        0, Event.of("2024-03-10T05:10:00", "a", 1), Event.of("2024-03-10T05:11:00", "b", 1));
    pipeline.append(
        1, Event.of("2024-03-10T05:10:00", "a", 2), Event.of("2024-03-10T05:11:00", "b", 3));
    pipeline.settle();

    assertThat(breach(only(pipeline)).reason()).isEqualTo("misses_events = 2, hits_events = 2");
  }

  @Test
  void a_batch_whose_rows_break_a_gate_is_in_quarantine_with_some_of_them() {
    SimulatedPipeline pipeline =
        pipeline("(SELECT COUNT(*) FROM result WHERE total > 100) = 0 AND rows > 1");
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a", 7));
    for (int i = 0; i < 20; i++) {
      pipeline.append(i % 2, Event.of("2024-03-10T05:10:00", "k" + i, 1000 + i));
    }
    pipeline.settle();

    Breach breach = breach(only(pipeline));
    assertThat(breach.reason())
        .isEqualTo("rows = 21, SELECT COUNT(*) FROM result WHERE total > 100 = 20");
    assertThat(breach.samples())
        .hasSize(5)
        .allMatch(row -> row.matches("\\{\"k\":\"k[0-9]+\",\"n\":1,\"total\":10[01][0-9]\\.0}"));
  }

  @Test
  void aggregates_of_no_rows_are_null_and_a_gate_that_is_unknown_passes() {
    SimulatedPipeline pipeline =
        pipeline("(SELECT MAX(total) - MIN(total) FROM result WHERE total > 100) > 0");
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a"));
    pipeline.settle();

    assertThat(only(pipeline).state()).isEqualTo(BatchState.READY);
  }

  @Test
  void a_gate_that_can_not_be_evaluated_for_the_batch_is_broken() {
    SimulatedPipeline pipeline = pipeline("read / filtered > 1");
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a"));
    pipeline.settle();

    assertThat(breach(only(pipeline)).reason())
        .isEqualTo("read / filtered: division by zero, read = 1, filtered = 0");
  }

  @Test
  void a_gate_that_can_not_be_evaluated_for_a_row_is_broken_and_shows_the_row() {
    SimulatedPipeline pipeline = pipeline("(SELECT SUM(1 / (n - 1)) FROM result) = 0");
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a"));
    pipeline.settle();

    Breach breach = breach(only(pipeline));
    assertThat(breach.reason())
        .isEqualTo(
            "SELECT SUM(1 / (n - 1)) FROM result can not be evaluated: 1 / (n - 1): division by"
                + " zero");
    assertThat(breach.samples()).containsExactly("{\"k\":\"a\",\"n\":1,\"total\":1.0}");
  }

  @Test
  void the_next_batches_go_on_and_an_empty_batch_is_judged_too() {
    SimulatedPipeline pipeline = pipeline("rows > 0");
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a"), Event.of("2024-03-10T07:10:00", "a"));
    pipeline.settle();

    assertThat(pipeline.entries().stream().map(LedgerEntry::state))
        .containsExactly(BatchState.READY, BatchState.QUARANTINED, BatchState.READY);
  }

  @Test
  void a_batch_is_held_against_the_published_batches_before_it() {
    SimulatedPipeline pipeline =
        pipeline("rows BETWEEN 0.7 * avg_rows_last_2 AND 1.3 * avg_rows_last_2");
    int[] rows = {1, 10, 10, 50, 11, 9};
    for (int hour = 0; hour < rows.length; hour++) {
      for (int row = 0; row < rows[hour]; row++) {
        pipeline.append(row % 2, Event.of("2024-03-10T0" + hour + ":10:00", "k" + row));
      }
    }
    pipeline.settle();

    List<LedgerEntry> entries = new ArrayList<>(pipeline.entries());
    assertThat(entries.stream().map(LedgerEntry::state))
        .containsExactly(
            BatchState.READY, // there are no two before it
            BatchState.READY,
            BatchState.QUARANTINED, // 10 against 5.5
            BatchState.QUARANTINED,
            BatchState.QUARANTINED,
            BatchState.QUARANTINED);
    assertThat(breach(entries.get(3)).reason()).isEqualTo("rows = 50, avg_rows_last_2 = 5.5");
  }

  @Test
  void a_batch_that_reopens_is_judged_anew() {
    SimulatedPipeline pipeline = pipeline("rows > 1");
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a"));
    pipeline.settle();
    assertThat(only(pipeline).state()).isEqualTo(BatchState.QUARANTINED);

    pipeline.append(0, Event.of("2024-03-10T05:20:00", "b"));
    pipeline.settle();
    assertThat(only(pipeline).state()).isEqualTo(BatchState.READY);
    assertThat(only(pipeline).attempt()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        Spec.SUMS,
        "SELECT a.k, b.amount AS total FROM events a JOIN events b ON a.k = b.k",
        "SELECT k, amount AS total FROM events ORDER BY amount LIMIT 1000"
      })
  void a_restart_in_the_middle_of_an_emission_changes_no_verdict(String sql) {
    String gate = "(SELECT SUM(total) FROM result WHERE total > 1) = 0";
    List<String> verdicts = new ArrayList<>();
    for (int kills = 0; kills < 2; kills++) {
      Spec spec = SUMS.sql(sql).require("gate", gate);
      SimulatedPipeline pipeline = new SimulatedPipeline(new SimulatedPipeline.Parts(spec), 3);
      for (int i = 0; i < 40; i++) {
        pipeline.append(i % 2, Event.of("2024-03-10T05:10:00", "k" + i, i));
      }
      if (kills > 0) {
        pipeline.settleRestarting();
      } else {
        pipeline.settle();
      }
      verdicts.add(breach(only(pipeline)).toString() + breach(only(pipeline)).samples());
    }
    assertThat(verdicts.get(1)).isEqualTo(verdicts.get(0)).contains("= 779.0");
  }

  @Test
  void a_rule_that_warns_keeps_the_record_and_counts_the_break() {
    SimulatedPipeline pipeline =
        new SimulatedPipeline(
            new SimulatedPipeline.Parts(
                Spec.sums(2).soonIdle().warn("k-is-known", "k <> 'unknown'")),
            Share.CHUNK);
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a"));
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "unknown"));
    pipeline.append(1, Event.of("2024-03-10T05:10:00", "unknown"));
    pipeline.settle();

    LedgerEntry entry = only(pipeline);
    assertThat(entry.books().accepted()).isEqualTo(3);
    assertThat(entry.warned()).hasToString("{k-is-known=2}");
    assertThat(pipeline.rejects()).isEmpty();
  }
}
