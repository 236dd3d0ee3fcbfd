package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.LedgerEntry;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/**
 * Every record with a permitted event time moves the clock of its own partition, and no other one
 * does. Whether it moved shows the next record, which is late or not.
 */
class Rule04ClockTest {
  private static final String SQL =
      "SELECT k, COUNT(*) AS n, SUM(1 / CAST(amount AS INTEGER)) AS total"
          + " FROM events WHERE amount >= 0 GROUP BY k";
  private static final SimulatedPipeline.Parts PARTS =
      new SimulatedPipeline.Parts(
          Spec.sums(2).sql(SQL).expect("k-is-known", "k <> 'unknown'").soonIdle());
  private static final Event FIVE = Event.of("2024-03-10T05:10:00", "a");
  private static final Event FIVE_AGAIN = Event.of("2024-03-10T05:20:00", "a");

  private final SimulatedPipeline pipeline = new SimulatedPipeline(PARTS, Share.CHUNK);

  private long lateAtFive() {
    pipeline.settle();
    return pipeline.entries().stream()
        .filter(entry -> entry.batch().contains(FIVE.at()))
        .mapToLong(entry -> entry.books().late())
        .sum();
  }

  private long lateAfter(Event mover) {
    pipeline.append(0, FIVE, mover, FIVE_AGAIN);
    return lateAtFive();
  }

  @Test
  void an_accepted_record_moves_the_clock() {
    assertThat(lateAfter(Event.of("2024-03-10T06:00:00", "a"))).isEqualTo(1);
  }

  @Test
  void a_filtered_record_moves_the_clock() {
    assertThat(lateAfter(Event.of("2024-03-10T06:00:00", "a", -1))).isEqualTo(1);
  }

  @Test
  void a_record_that_broke_a_rule_moves_the_clock() {
    assertThat(lateAfter(Event.of("2024-03-10T06:00:00", "unknown"))).isEqualTo(1);
  }

  @Test
  void a_record_whose_expression_fails_moves_the_clock() {
    assertThat(lateAfter(Event.of("2024-03-10T06:00:00", "a", 0))).isEqualTo(1);
    assertThat(pipeline.rejects()).hasSize(2);
  }

  @Test
  void a_record_that_can_not_be_decoded_moves_no_clock() {
    pipeline.append(0, FIVE);
    pipeline.append(0, new byte[] {7});
    pipeline.append(0, FIVE_AGAIN);
    assertThat(lateAtFive()).isZero();
  }

  @Test
  void a_refused_event_time_moves_no_clock() {
    Instant tooFar = Instant.ofEpochMilli(SimulatedTask.NOW).plusSeconds(3601);
    assertThat(lateAfter(new Event(tooFar, "a", 1))).isZero();
    assertThat(pipeline.rejects()).hasSize(1);
  }

  @Test
  void a_record_before_the_clock_moves_nothing() {
    pipeline.append(0, FIVE, Event.of("2024-03-10T06:00:00", "a"), FIVE_AGAIN, FIVE_AGAIN);
    assertThat(lateAtFive()).isEqualTo(2);
  }

  @Test
  void a_partition_has_a_clock_of_its_own() {
    pipeline.append(0, FIVE, Event.of("2024-03-10T09:00:00", "a"));
    pipeline.append(1, FIVE_AGAIN);
    assertThat(lateAtFive()).isZero();
  }

  @Test
  void the_clock_outlives_its_task() {
    pipeline.append(0, FIVE, Event.of("2024-03-10T06:00:00", "a"));
    pipeline.settle();
    pipeline.intake(0).restart();
    pipeline.append(0, FIVE_AGAIN);
    assertThat(lateAtFive()).isEqualTo(1);
    assertThat(pipeline.entries()).extracting(LedgerEntry::attempt).containsOnly(1);
  }
}
