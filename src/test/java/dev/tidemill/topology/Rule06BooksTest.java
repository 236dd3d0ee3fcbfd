package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.Books;
import dev.tidemill.batch.LedgerEntry;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Two independent counts: what intake accepted must be what the shares merged, and what a partition
 * read must be in the books. Otherwise nothing is published. Which states that makes is in {@link
 * dev.tidemill.batch.LedgerTest}.
 */
class Rule06BooksTest {
  private static final String TWICE =
      "SELECT k, amount FROM events UNION ALL SELECT k, amount + 1000 FROM events";
  private static final SimulatedPipeline.Parts SUMS =
      new SimulatedPipeline.Parts(Spec.sums(2).expect("k-is-known", "k <> 'unknown'").soonIdle());
  private static final SimulatedPipeline.Parts ROWS =
      new SimulatedPipeline.Parts(Spec.sums(2).sql(TWICE).soonIdle());

  /** Each record is in two groups, which are in two shares as often as not. */
  private static final String TWIN_GROUPS =
      "SELECT k, COUNT(*) AS n FROM (SELECT k FROM events UNION ALL SELECT k || '-twin' FROM"
          + " events) AS twins GROUP BY k";

  private static final SimulatedPipeline.Parts TWINS =
      new SimulatedPipeline.Parts(Spec.sums(2).sql(TWIN_GROUPS).soonIdle());

  private final SimulatedPipeline pipeline = new SimulatedPipeline(SUMS, Share.CHUNK);

  private static LedgerEntry only(SimulatedPipeline pipeline) {
    assertThat(pipeline.entries()).hasSize(1);
    return pipeline.entries().iterator().next();
  }

  /** Which share has the partial of one record. */
  private int shareOfOnePartial() {
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a"));
    pipeline.intake(0).processOne();
    pipeline.commit(List.of(pipeline.intake(0)));
    for (int share = 0; share < 2; share++) {
      if (pipeline.shuffle(share).get(0) instanceof ShuffleMessage.Partials) {
        return share;
      }
    }
    throw new AssertionError("no share has the partial");
  }

  @Test
  void a_batch_of_which_a_partial_was_lost_is_never_published() {
    int share = shareOfOnePartial();
    pipeline.lose(share, 0);
    pipeline.append(1, Event.of("2024-03-10T05:20:00", "b"));
    pipeline.settle();

    assertThat(only(pipeline).state()).isEqualTo(BatchState.CLOSING);
    assertThat(only(pipeline).books().accepted()).isEqualTo(2);
    assertThat(only(pipeline).mergedRecords()).isEqualTo(1);
  }

  @Test
  void a_batch_of_which_a_partial_came_twice_is_never_published() {
    int share = shareOfOnePartial();
    pipeline.twice(share, 0);
    pipeline.settle();

    assertThat(only(pipeline).state()).isEqualTo(BatchState.CLOSING);
    assertThat(only(pipeline).mergedRecords()).isEqualTo(2);
  }

  @Test
  void a_share_without_rows_of_the_batch_speaks_too() {
    int share = shareOfOnePartial();
    pipeline.settle();

    LedgerEntry entry = only(pipeline);
    assertThat(entry.state()).isEqualTo(BatchState.READY);
    assertThat(entry.shares().get(share).merged()).isEqualTo(1);
    assertThat(entry.shares().get(1 - share).heard()).isTrue();
    assertThat(entry.shares().get(1 - share).merged()).isZero();
  }

  @Test
  void a_record_that_takes_part_twice_is_counted_once() {
    SimulatedPipeline rows = new SimulatedPipeline(ROWS, Share.CHUNK);
    rows.append(0, Event.of("2024-03-10T05:10:00", "a"), Event.of("2024-03-10T05:20:00", "b"));
    rows.settle();

    assertThat(only(rows).state()).isEqualTo(BatchState.READY);
    assertThat(only(rows).mergedRecords()).isEqualTo(2);
    assertThat(only(rows).resultRows()).isEqualTo(4);
  }

  @Test
  void both_rows_of_a_record_are_in_the_attempt_that_counts_it() {
    attemptsHaveTwoRowsOfARecord(new SimulatedPipeline(ROWS, Share.CHUNK));
  }

  @Test
  void both_groups_of_a_record_are_in_the_attempt_that_counts_it() {
    attemptsHaveTwoRowsOfARecord(new SimulatedPipeline(TWINS, Share.CHUNK));
  }

  @Test
  void one_record_that_is_lost_and_another_that_came_twice_do_not_make_up_for_each_other() {
    int share = shareOfOnePartial();
    pipeline.append(0, Event.of("2024-03-10T05:15:00", "a"));
    pipeline.intake(0).processOne();
    pipeline.commit(List.of(pipeline.intake(0)));
    pipeline.lose(share, pipeline.shuffle(share).size() - 1);
    pipeline.twice(share, 0);
    pipeline.settle();

    assertThat(only(pipeline).books().accepted()).isEqualTo(2);
    assertThat(only(pipeline).mergedRecords()).isEqualTo(2);
    assertThat(only(pipeline).state()).isEqualTo(BatchState.CLOSING);
  }

  private static void attemptsHaveTwoRowsOfARecord(SimulatedPipeline rows) {
    rows.append(0, Event.of("2024-03-10T05:10:00", "a"));
    rows.settle();
    for (int i = 0; i < 20; i++) {
      rows.append(0, Event.of("2024-03-10T05:20:00", "new" + i));
      rows.settleWithout(rows.share(i % 2)); // the other one emits first
      rows.settle();
    }

    assertThat(rows.everyAttempt())
        .filteredOn(entry -> entry.state() != BatchState.OPEN)
        .hasSizeGreaterThan(20)
        .allMatch(entry -> entry.resultRows() == 2 * entry.mergedRecords());
  }

  @Test
  void a_late_reject_changes_the_published_entry_and_makes_no_attempt() {
    pipeline.append(
        0, Event.of("2024-03-10T05:10:00", "a"), Event.of("2024-03-10T06:10:00", "a", -1));
    pipeline.settle();
    pipeline.append(0, Event.of("2024-03-10T05:20:00", "a"));
    pipeline.settle();

    LedgerEntry entry = pipeline.entries().iterator().next();
    assertThat(entry.attempt()).isEqualTo(1);
    assertThat(entry.state()).isEqualTo(BatchState.READY);
    assertThat(entry.books()).isEqualTo(new Books(2, 1, 0, 0, 0, 1, 0));
  }

  @Test
  void every_verdict_has_its_column_and_records_without_a_batch_a_book_of_their_own() {
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a"));
    pipeline.append(0, Event.of("2024-03-10T05:20:00", "a", -1)); // filtered
    pipeline.append(0, Event.of("2024-03-10T05:30:00", "unknown")); // rejected
    pipeline.append(0, new byte[] {7}); // in no batch
    pipeline.append(0, Event.of("2024-03-10T06:30:00", "a", -1)); // filtered, ends five o'clock
    pipeline.append(0, Event.of("2024-03-10T05:40:00", "a")); // late
    pipeline.settle();

    assertThat(pipeline.entries())
        .extracting(LedgerEntry::books)
        .containsExactly(new Books(4, 1, 1, 1, 0, 1, 0), new Books(1, 0, 1, 0, 0, 0, 0));
    assertThat(pipeline.entries()).allMatch(entry -> entry.state() == BatchState.READY);
    assertThat(pipeline.reads()).containsExactly("simulated-events-0: 6 read, 1 in no batch");
  }

  @Test
  void an_owner_that_is_restarted_still_knows_which_partition_does_not_balance() {
    pipeline.append(0, Event.of("2024-03-10T05:10:00", "a"));
    pipeline.intake(0).processOne();
    pipeline.commit(List.of(pipeline.intake(0)));
    pipeline.append(0, Event.of("2024-03-10T06:20:00", "a", -1));
    pipeline.intake(0).processOne();
    pipeline.commit(List.of(pipeline.intake(0)));
    pipeline.loseLastCounts(); // two were read, and one is in the books
    while (pipeline.owner().processOne()) {}
    pipeline.commit(List.of(pipeline.owner()));
    pipeline.owner().restart();
    pipeline.settle();

    assertThat(pipeline.entries().iterator().next().state()).isEqualTo(BatchState.CLOSING);
  }
}
