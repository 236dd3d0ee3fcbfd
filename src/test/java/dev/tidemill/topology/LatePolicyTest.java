package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.Books;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.definition.BatchRule.LatePolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code late: amend} and {@code late: carry} do with a record whose batch is over. */
class LatePolicyTest {
  private static final Spec SPEC = Spec.sums(2).expect("known", "k <> 'unknown'").soonIdle();
  private static final SimulatedPipeline.Parts AMEND = parts(SPEC.late(LatePolicy.AMEND));
  private static final SimulatedPipeline.Parts CARRY = parts(SPEC.late(LatePolicy.CARRY));
  private static final String TWICE =
      "SELECT k, amount FROM events UNION ALL SELECT k, amount + 1000 FROM events";

  private static SimulatedPipeline.Parts parts(Spec spec) {
    return new SimulatedPipeline.Parts(spec);
  }

  /** Five o'clock has one record and is published; partition 0 is at half past six. */
  private static SimulatedPipeline published(SimulatedPipeline.Parts parts) {
    SimulatedPipeline pipeline = new SimulatedPipeline(parts, Share.CHUNK);
    pipeline.append(
        0, Event.of("2024-03-10T05:10:00", "a", 1), Event.of("2024-03-10T06:30:00", "b", 2));
    pipeline.settle();
    return pipeline;
  }

  private static LedgerEntry hour(SimulatedPipeline pipeline, int hour) {
    Instant start = Instant.parse("2024-03-10T%02d:00:00Z".formatted(hour));
    return pipeline.entries().stream()
        .filter(entry -> entry.batch().start().equals(start))
        .findFirst()
        .orElseThrow();
  }

  private static void everythingButSilence(SimulatedPipeline pipeline) {
    for (int i = 0; i < 3; i++) {
      for (SimulatedTask<?> task : pipeline.tasks()) {
        while (task.processOne()) {}
        task.tick();
      }
      pipeline.commit(pipeline.tasks());
    }
  }

  // --- amend

  @Test
  void a_late_record_is_merged_into_its_batch_which_is_published_again() {
    SimulatedPipeline pipeline = published(AMEND);
    pipeline.append(0, Event.of("2024-03-10T05:50:00", "a", 5));
    pipeline.settle();

    LedgerEntry five = hour(pipeline, 5);
    assertThat(five.attempt()).isEqualTo(2);
    assertThat(five.state()).isEqualTo(BatchState.READY);
    assertThat(five.books()).isEqualTo(new Books(2, 1, 0, 0, 0, 1, 1));
    assertThat(five.balances()).isTrue();
    assertThat(pipeline.texts(five)).containsExactly("[a, 2, 6.0]");
    assertThat(pipeline.rejects()).isEmpty();
    assertThat(hour(pipeline, 6).attempt()).isEqualTo(1);
  }

  @Test
  void late_records_are_gathered_until_the_partition_is_silent_and_make_one_attempt() {
    SimulatedPipeline pipeline = published(AMEND);
    for (int i = 0; i < 1000; i++) {
      pipeline.append(i % 2, Event.of("2024-03-10T05:50:00", "k" + i % 7, 1));
      if (i % 2 == 1) { // else partition 1 is in time
        pipeline.append(1, Event.of("2024-03-10T06:30:00", "b", 2));
      }
      if (i % 50 == 0) {
        everythingButSilence(pipeline);
      }
    }
    everythingButSilence(pipeline);
    assertThat(hour(pipeline, 5).books().amended()).as("nothing is merged yet").isZero();
    pipeline.settle();

    assertThat(hour(pipeline, 5).attempt()).as("in time 2, amended 3").isLessThanOrEqualTo(3);
    assertThat(hour(pipeline, 5).books()).isEqualTo(new Books(1001, 2, 0, 0, 0, 999, 999));
    assertThat(hour(pipeline, 5).balances()).isTrue();
  }

  /** Else a trickle would keep counts and shares from ever meeting. */
  @Test
  void while_late_records_trickle_in_the_batch_is_published_all_the_same() {
    SimulatedPipeline pipeline = new SimulatedPipeline(AMEND, Share.CHUNK);
    pipeline.append(1, Event.of("2024-03-10T06:30:00", "b"));
    pipeline.append(
        0, Event.of("2024-03-10T05:10:00", "a", 1), Event.of("2024-03-10T06:30:00", "b"));
    for (int i = 0; i < 20; i++) {
      pipeline.append(0, Event.of("2024-03-10T05:50:00", "a", 1));
      pipeline.intake(0).processOne();
      everythingButSilence(pipeline);
    }
    assertThat(hour(pipeline, 5).state()).isEqualTo(BatchState.READY);
  }

  @Test
  void what_is_gathered_is_in_no_book_and_survives_a_restart() {
    SimulatedPipeline pipeline = published(AMEND);
    pipeline.append(0, Event.of("2024-03-10T05:50:00", "a", 5));
    everythingButSilence(pipeline);
    assertThat(hour(pipeline, 5).books().read()).isEqualTo(1);
    assertThat(pipeline.reads()).containsExactly("simulated-events-0: 2 read, 0 in no batch");

    pipeline.intake(0).restart();
    pipeline.append(0, Event.of("2024-03-10T05:55:00", "a", 7)); // to the same group
    everythingButSilence(pipeline);
    pipeline.intake(0).restart();
    pipeline.settle();
    assertThat(pipeline.texts(hour(pipeline, 5))).containsExactly("[a, 3, 13.0]");
    assertThat(hour(pipeline, 5).books()).isEqualTo(new Books(3, 1, 0, 0, 0, 2, 2));
    assertThat(pipeline.reads()).containsExactly("simulated-events-0: 4 read, 0 in no batch");
    assertThat(pipeline.intake(0).entries(Intake.STORE)).as("itself and two parts").isEqualTo(3);
  }

  @Test
  void rows_of_a_pipeline_without_groups_are_amended_too() {
    SimulatedPipeline pipeline = published(parts(SPEC.sql(TWICE).late(LatePolicy.AMEND)));
    pipeline.append(0, Event.of("2024-03-10T05:50:00", "a", 5));
    everythingButSilence(pipeline);
    pipeline.intake(0).restart();
    pipeline.settle();
    assertThat(pipeline.texts(hour(pipeline, 5)))
        .containsExactly("[a, 1.0]", "[a, 1001.0]", "[a, 1005.0]", "[a, 5.0]");
    assertThat(hour(pipeline, 5).books().amended()).isEqualTo(1);
    assertThat(hour(pipeline, 5).balances()).isTrue();
  }

  @Test
  void a_late_record_that_breaks_a_rule_or_is_filtered_stays_late_and_makes_no_attempt() {
    SimulatedPipeline pipeline = published(AMEND);
    pipeline.append(
        0, Event.of("2024-03-10T05:50:00", "unknown", 5), Event.of("2024-03-10T05:50:00", "a", -5));
    pipeline.settle();
    assertThat(hour(pipeline, 5).books()).isEqualTo(new Books(3, 1, 0, 0, 0, 2, 0));
    assertThat(hour(pipeline, 5).attempt()).isEqualTo(1);
    assertThat(pipeline.rejects()).containsExactly("simulated-events-0@2");
  }

  @Test
  void a_batch_that_has_nothing_but_late_records_is_published() {
    SimulatedPipeline pipeline = published(AMEND);
    pipeline.append(0, Event.of("2024-03-10T03:50:00", "c", 5));
    pipeline.settle();
    assertThat(pipeline.texts(hour(pipeline, 3))).containsExactly("[c, 1, 5.0]");
    assertThat(hour(pipeline, 3).books()).isEqualTo(new Books(1, 0, 0, 0, 0, 1, 1));
    assertThat(pipeline.entries()).allMatch(LedgerEntry::balances);
  }

  @Test
  void past_keep_a_record_is_rejected_and_belongs_to_no_batch() {
    SimulatedPipeline pipeline = published(AMEND);
    Instant start = Instant.parse("2024-03-10T05:00:00Z");
    Instant pastKeep = start.plus(Duration.ofHours(1)).plus(Duration.ofDays(7));
    pipeline.append(0, new Event(pastKeep.minusMillis(1), "b", 1), new Event(start, "a", 5));
    pipeline.append(0, new Event(pastKeep, "b", 1), new Event(start, "a", 7));
    pipeline.settle();
    assertThat(pipeline.texts(hour(pipeline, 5))).containsExactly("[a, 2, 6.0]");
    assertThat(pipeline.rejects()).containsExactly("simulated-events-0@5");
    assertThat(pipeline.reads()).containsExactly("simulated-events-0: 6 read, 1 in no batch");
    assertThat(pipeline.entries()).allMatch(LedgerEntry::balances);
  }

  // --- carry

  @Test
  void a_carried_record_takes_part_in_the_batch_of_the_clock_and_is_late_in_its_own() {
    SimulatedPipeline pipeline = published(CARRY);
    pipeline.append(0, Event.of("2024-03-10T05:50:00", "a", 5));
    pipeline.settle();

    LedgerEntry five = hour(pipeline, 5);
    assertThat(five.attempt()).isEqualTo(1);
    assertThat(five.books()).isEqualTo(new Books(2, 1, 0, 0, 0, 1, 0, 1, 0));
    assertThat(pipeline.texts(five)).containsExactly("[a, 1, 1.0]");
    LedgerEntry six = hour(pipeline, 6);
    assertThat(six.books()).isEqualTo(new Books(1, 1, 0, 0, 0, 0, 0, 0, 1));
    assertThat(pipeline.texts(six)).containsExactly("[a, 1, 5.0]", "[b, 1, 2.0]");
    assertThat(pipeline.entries())
        .allMatch(LedgerEntry::balances)
        .allMatch(entry -> entry.state() == BatchState.READY);
    assertThat(pipeline.rejects()).isEmpty();
    assertThat(pipeline.reads()).containsExactly("simulated-events-0: 3 read, 0 in no batch");
  }

  @Test
  void a_carried_record_that_is_lost_on_its_way_keeps_the_batch_of_the_clock_from_being_ready() {
    SimulatedPipeline pipeline = new SimulatedPipeline(CARRY, Share.CHUNK);
    pipeline.append(0, Event.of("2024-03-10T06:30:00", "b"));
    pipeline.intake(0).processOne();
    pipeline.commit(List.of(pipeline.intake(0)));
    int[] before = {pipeline.shuffle(0).size(), pipeline.shuffle(1).size()};
    pipeline.append(0, Event.of("2024-03-10T04:50:00", "a"));
    pipeline.intake(0).processOne();
    pipeline.commit(List.of(pipeline.intake(0)));
    for (int share = 0; share < 2; share++) {
      if (pipeline.shuffle(share).get(before[share]) instanceof ShuffleMessage.Partials) {
        pipeline.lose(share, before[share]);
      }
    }
    pipeline.settle();
    assertThat(hour(pipeline, 6).state()).isEqualTo(BatchState.CLOSING);
    assertThat(hour(pipeline, 4).state()).isEqualTo(BatchState.READY);
  }

  @Test
  void a_carried_record_has_its_own_time_and_the_batch_in_which_it_takes_part() {
    String hours = "EXTRACT(HOUR FROM event_time) AS t, EXTRACT(HOUR FROM batch_start) AS b";
    SimulatedPipeline pipeline =
        published(
            parts(
                Spec.sums(2)
                    .soonIdle()
                    .late(LatePolicy.CARRY)
                    .expect("here", "batch_start <> TIMESTAMP '2024-03-10 05:00:00' OR k = 'a'")
                    .sql("SELECT k, " + hours + " FROM events")));
    pipeline.append(0, Event.of("2024-03-10T05:50:00", "c", 5));
    pipeline.settle();
    assertThat(pipeline.texts(hour(pipeline, 5))).containsExactly("[a, 5, 5]");
    assertThat(pipeline.texts(hour(pipeline, 6))).containsExactly("[b, 6, 6]", "[c, 5, 6]");
  }

  @Test
  void a_late_record_that_breaks_a_rule_or_is_filtered_is_not_carried() {
    SimulatedPipeline pipeline = published(CARRY);
    pipeline.append(
        0, Event.of("2024-03-10T05:50:00", "unknown", 5), Event.of("2024-03-10T05:50:00", "a", -5));
    pipeline.settle();
    assertThat(hour(pipeline, 5).books()).isEqualTo(new Books(3, 1, 0, 0, 0, 2, 0));
    assertThat(hour(pipeline, 6).books()).isEqualTo(new Books(1, 1, 0, 0, 0, 0, 0));
    assertThat(pipeline.rejects()).containsExactly("simulated-events-0@2");
  }

  @Test
  void past_keep_nothing_is_carried_since_its_own_book_is_closed() {
    SimulatedPipeline pipeline = published(CARRY);
    Instant start = Instant.parse("2024-03-10T05:00:00Z");
    pipeline.append(0, new Event(start.plus(Duration.ofDays(8)), "b", 1));
    pipeline.append(0, new Event(start, "a", 5));
    pipeline.settle();
    assertThat(pipeline.rejects()).containsExactly("simulated-events-0@3");
  }
}
