package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.Books;
import dev.tidemill.batch.LedgerEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Of records that are the same, the first that takes part counts. */
class DedupeTest {
  private static final Duration DAY = Duration.ofHours(24);
  private static final Spec SPEC =
      Spec.sums(2).grace(Duration.ofMinutes(10)).expect("k-is-known", "amount < 1000");

  @Test
  void the_same_record_twice_in_a_batch_counts_once() {
    SimulatedPipeline pipeline = withinBatch("k", "amount");
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a", 2));
    pipeline.append(0, Event.of("2024-03-10T05:20:00", "a", 3));
    pipeline.append(0, Event.of("2024-03-10T05:30:00", "a", 2));
    pipeline.settle();
    assertThat(rows(pipeline, "05")).isEqualTo("[[a, 2, 5.0]]");
    assertThat(books(pipeline, "05")).isEqualTo(new Books(3, 2, 0, 0, 1, 0, 0));
    assertThat(pipeline.entries()).allMatch(LedgerEntry::balances);
    assertThat(pipeline.rejects()).isEmpty();
  }

  @Test
  void the_same_record_in_another_batch_counts_again() {
    SimulatedPipeline pipeline = withinBatch("k");
    pipeline.append(0, Event.of("2024-03-10T05:59:59", "a"));
    pipeline.append(0, Event.of("2024-03-10T06:00:00", "a"));
    pipeline.append(0, Event.of("2024-03-10T05:58:00", "a"));
    pipeline.settle();
    assertThat(books(pipeline, "05")).isEqualTo(new Books(2, 1, 0, 0, 1, 0, 0));
    assertThat(books(pipeline, "06")).isEqualTo(new Books(1, 1, 0, 0, 0, 0, 0));
  }

  @Test
  void in_another_partition_it_is_not_found() {
    SimulatedPipeline pipeline = withinBatch("k");
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a"));
    pipeline.append(1, Event.of("2024-03-10T05:10:00", "a"));
    pipeline.settle();
    assertThat(books(pipeline, "05")).isEqualTo(new Books(2, 2, 0, 0, 0, 0, 0));
  }

  @Test
  void a_record_that_is_filtered_or_rejected_or_late_was_not_there() {
    SimulatedPipeline pipeline = withinBatch("k");
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a", -1)); // filtered
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a", 1000)); // rejected
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a", 2)); // accepted
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a", -1)); // filtered, as it would be
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a", 3)); // duplicate
    pipeline.append(0, Event.of("2024-03-10T06:10:00", "a", 1));
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a", 3)); // late
    pipeline.settle();
    assertThat(books(pipeline, "05")).isEqualTo(new Books(6, 1, 2, 1, 1, 1, 0));
    assertThat(rows(pipeline, "05")).isEqualTo("[[a, 1, 2.0]]");
  }

  @Test
  void within_a_duration_the_event_time_since_the_first_one_decides_whatever_the_batch() {
    SimulatedPipeline pipeline = pipeline(Optional.of(DAY), "k");
    pipeline.append(0, Event.of("2024-03-10T23:30:00", "a")); // counts
    pipeline.append(0, Event.of("2024-03-11T00:05:00", "a")); // 35 minutes after it
    pipeline.append(0, Event.of("2024-03-11T23:29:59", "a")); // a second less than a day
    pipeline.append(0, Event.of("2024-03-11T23:30:00", "a")); // counts, and is the next first one
    pipeline.append(0, Event.of("2024-03-12T12:00:00", "a")); // less than a day after that
    pipeline.settle();
    assertThat(pipeline.entries().stream().mapToLong(entry -> entry.books().accepted()).sum())
        .isEqualTo(2);
    assertThat(pipeline.entries().stream().mapToLong(entry -> entry.books().duplicate()).sum())
        .isEqualTo(3);
    assertThat(books(pipeline, "23")).isEqualTo(new Books(1, 1, 0, 0, 0, 0, 0));
  }

  @Test
  void one_that_comes_later_but_happened_before_is_the_same_too() {
    SimulatedPipeline pipeline = pipeline(Optional.of(Duration.ofMinutes(30)), "k");
    pipeline.append(0, Event.of("2024-03-10T06:05:00", "a"));
    pipeline.append(0, Event.of("2024-03-10T05:40:00", "a"));
    pipeline.append(0, Event.of("2024-03-10T05:35:00", "a"));
    pipeline.settle();
    assertThat(books(pipeline, "05")).isEqualTo(new Books(2, 1, 0, 0, 1, 0, 0));
  }

  @Test
  void it_is_found_after_a_death_and_a_restart() {
    SimulatedPipeline pipeline = withinBatch("k");
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a", 2));
    pipeline.intake(0).processOne();
    pipeline.intake(0).flush();
    pipeline.intake(0).restart(); // before the commit: nothing has happened
    pipeline.intake(0).processOne();
    pipeline.commit(pipeline.tasks());
    pipeline.intake(0).restart();
    pipeline.append(0, Event.of("2024-03-10T05:20:00", "a", 3));
    pipeline.settle();
    assertThat(rows(pipeline, "05")).isEqualTo("[[a, 1, 2.0]]");
    assertThat(books(pipeline, "05")).isEqualTo(new Books(2, 1, 0, 0, 1, 0, 0));
  }

  @Test
  void what_is_past_keep_is_forgotten() {
    SimulatedPipeline pipeline = withinBatch("k");
    Instant start = Instant.parse("2024-03-10T05:10:00Z");
    for (int i = 0; i < 100; i++) {
      pipeline.append(0, new Event(start, "k" + i, 1));
    }
    pipeline.settle();
    assertThat(pipeline.intake(0).entries(Intake.SEEN)).isEqualTo(100);
    pipeline.append(0, new Event(start.plus(Duration.ofDays(7)), "a", 1)); // in time for keep
    pipeline.settle();
    assertThat(pipeline.intake(0).entries(Intake.SEEN)).isEqualTo(101);
    pipeline.append(0, new Event(start.plus(Duration.ofDays(7).plusHours(1)), "a", 1));
    pipeline.settle();
    assertThat(pipeline.intake(0).entries(Intake.SEEN)).isEqualTo(2);
  }

  @Test
  void a_duration_is_remembered_for_as_long_as_it_can_matter() {
    SimulatedPipeline pipeline = pipeline(Optional.of(DAY), "k");
    Instant first = Instant.parse("2024-03-10T05:10:00Z");
    pipeline.append(0, new Event(first, "a", 1));
    for (int day = 1; day < 30; day++) {
      pipeline.append(0, new Event(first.plus(Duration.ofDays(day)), "day " + day, 1));
      pipeline.settle();
    }
    assertThat(pipeline.intake(0).entries(Intake.SEEN)).isBetween(8L, 11L);
  }

  /** Deleted in parts: no commit deletes more than some. */
  @Test
  void a_large_batch_is_forgotten_over_several_commits() {
    SimulatedPipeline pipeline = withinBatch("k");
    Instant start = Instant.parse("2024-03-10T05:10:00Z");
    for (int i = 0; i < 25_000; i++) {
      pipeline.append(0, new Event(start, "k" + i, 1));
    }
    pipeline.settle();
    for (int i = 0; i < 2; i++) {
      pipeline.append(0, new Event(start.plus(Duration.ofDays(8)), "a" + i, 1));
      while (pipeline.intake(0).processOne()) {}
      pipeline.commit(pipeline.tasks());
      assertThat(pipeline.intake(0).entries(Intake.SEEN)).isEqualTo(15_001 - 9_999 * i);
    }
    pipeline.append(0, new Event(start.plus(Duration.ofDays(8)), "a2", 1));
    pipeline.settle();
    assertThat(pipeline.intake(0).entries(Intake.SEEN)).isEqualTo(3);
  }

  private static SimulatedPipeline withinBatch(String... by) {
    return pipeline(Optional.empty(), by);
  }

  private static SimulatedPipeline pipeline(Optional<Duration> within, String... by) {
    return new SimulatedPipeline(
        new SimulatedPipeline.Parts(
            Deduped.compile(SPEC, "simulated", within, by), SPEC.partitions()),
        100);
  }

  private static LedgerEntry entry(SimulatedPipeline pipeline, String hour) {
    Instant start = Instant.parse("2024-03-10T" + hour + ":00:00Z");
    return pipeline.entries().stream()
        .filter(entry -> entry.batch().start().equals(start))
        .findFirst()
        .orElseThrow();
  }

  private static Books books(SimulatedPipeline pipeline, String hour) {
    return entry(pipeline, hour).books();
  }

  private static String rows(SimulatedPipeline pipeline, String hour) {
    return pipeline.texts(entry(pipeline, hour)).toString();
  }
}
