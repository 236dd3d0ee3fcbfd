package dev.tidemill.batch;

import static dev.tidemill.batch.BatchState.CLOSING;
import static dev.tidemill.batch.BatchState.FAILED;
import static dev.tidemill.batch.BatchState.LOADED;
import static dev.tidemill.batch.BatchState.OPEN;
import static dev.tidemill.batch.BatchState.READY;
import static dev.tidemill.batch.BatchState.SUPERSEDED;
import static dev.tidemill.batch.CloseReason.CLOCK;
import static dev.tidemill.batch.CloseReason.IDLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The life of a batch in the ledger, with two source partitions, two shares and one target. */
class LedgerTest {
  private static final Calendar HOURLY = new ZonedCalendar(Macro.HOURLY, ZoneOffset.UTC);
  private static final Instant START = Instant.parse("2024-03-10T05:00:00Z");
  private static final Batch BATCH = HOURLY.batchOf(START);
  private static final Batch NEXT = HOURLY.next(BATCH);
  private static final String TARGET = "duckdb:t";

  private final Ledger ledger = ledger(Set.of(TARGET));

  private static Ledger ledger(Set<String> targets) {
    return new Ledger(
        "p",
        HOURLY,
        2,
        targets,
        Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));
  }

  private static Books accepted(long count) {
    return new Books(count, count, 0, 0, 0, 0, 0);
  }

  private static SourceSpan span(int partition, Books books) {
    return span(partition, books, books.merged());
  }

  private static SourceSpan span(int partition, Books books, long checksum) {
    long last = books.read() - 1;
    return new SourceSpan("events", partition, 0, last, EventClock.NO_TIME, books, checksum);
  }

  private static EndOfShare end(Batch batch, int share, int attempt, long merged, long rows) {
    return new EndOfShare(batch, share, attempt, CLOCK, merged, merged, rows, "");
  }

  private static Ack ack(int attempt, long rows) {
    return Ack.published(TARGET, START, attempt, rows);
  }

  private LedgerEntry only(List<LedgerEntry> changed) {
    assertThat(changed).hasSize(1);
    return changed.get(0);
  }

  private LedgerEntry latest(Batch batch) {
    return ledger.entries().stream().filter(e -> e.batch().equals(batch)).findFirst().orElseThrow();
  }

  /** Three records in, three merged by two shares into two rows. */
  private LedgerEntry ready() {
    ledger.counted(BATCH, span(0, accepted(3)));
    ledger.ended(end(BATCH, 0, 1, 1, 1));
    return only(ledger.ended(end(BATCH, 1, 1, 2, 1)));
  }

  private LedgerEntry loaded() {
    ready();
    return only(ledger.acked(ack(1, 2)));
  }

  @Test
  void a_batch_opens_with_its_first_counts() {
    LedgerEntry entry = only(ledger.counted(BATCH, span(0, accepted(3))));

    assertThat(entry.state()).isEqualTo(OPEN);
    assertThat(entry.attempt()).isEqualTo(1);
    assertThat(entry.books()).isEqualTo(accepted(3));
    assertThat(entry.closeReason()).isEmpty();
  }

  @Test
  void later_counts_of_a_partition_replace_earlier_ones_and_add_up_over_partitions() {
    ledger.counted(BATCH, span(0, accepted(3)));
    ledger.counted(BATCH, span(1, accepted(10)));

    assertThat(only(ledger.counted(BATCH, span(0, accepted(4)))).books()).isEqualTo(accepted(14));
  }

  @Test
  void a_batch_is_closing_from_its_first_share_and_ready_with_its_last() {
    ledger.counted(BATCH, span(0, accepted(3)));

    assertThat(only(ledger.ended(end(BATCH, 0, 1, 1, 1))).state()).isEqualTo(CLOSING);
    LedgerEntry ready = only(ledger.ended(end(BATCH, 1, 1, 2, 1)));
    assertThat(ready.state()).isEqualTo(READY);
    assertThat(ready.resultRows()).isEqualTo(2);
    assertThat(ready.balances()).isTrue();
  }

  @Test
  void a_ready_batch_is_loaded_when_its_target_says_so() {
    ready();

    LedgerEntry loaded = only(ledger.acked(ack(1, 2)));

    assertThat(loaded.state()).isEqualTo(LOADED);
    assertThat(loaded.loaded()).isEqualTo(Map.of(TARGET, 2L));
  }

  @Test
  void a_batch_is_loaded_only_when_all_targets_have_said_so() {
    Ledger two = ledger(Set.of(TARGET, "postgres:t"));
    two.counted(BATCH, span(0, accepted(3)));
    two.ended(end(BATCH, 0, 1, 1, 1));
    two.ended(end(BATCH, 1, 1, 2, 1));

    assertThat(only(two.acked(ack(1, 2))).state()).isEqualTo(READY);
    assertThat(only(two.acked(Ack.published("postgres:t", START, 1, 2))).state()).isEqualTo(LOADED);
  }

  @Test
  void a_batch_that_waited_for_a_target_that_is_gone_is_loaded_when_the_others_speak_again() {
    Ledger two = ledger(Set.of(TARGET, "postgres:t"));
    two.counted(BATCH, span(0, accepted(3)));
    two.ended(end(BATCH, 0, 1, 1, 1));
    two.ended(end(BATCH, 1, 1, 2, 1));
    LedgerEntry ready = only(two.acked(ack(1, 2)));

    ledger.restore(ready);
    assertThat(only(ledger.acked(ack(1, 2))).state()).isEqualTo(LOADED);
    assertThat(ledger.acked(ack(1, 2))).isEmpty();
  }

  @Test
  void the_weakest_proof_of_all_shares_is_the_batchs() {
    ledger.counted(BATCH, span(0, accepted(3)));
    ledger.ended(new EndOfShare(BATCH, 0, 1, IDLE, 1, 1, 1, ""));
    LedgerEntry entry = only(ledger.ended(end(BATCH, 1, 1, 2, 1)));

    assertThat(entry.closeReason()).contains(IDLE);
  }

  @Test
  void a_batch_is_never_ready_while_shares_merged_as_many_records_but_not_the_same_ones() {
    ledger.counted(BATCH, span(0, accepted(3), 30));
    ledger.ended(new EndOfShare(BATCH, 0, 1, CLOCK, 1, 11, 1, ""));
    ledger.ended(new EndOfShare(BATCH, 1, 1, CLOCK, 2, 20, 1, ""));
    assertThat(latest(BATCH).state()).isEqualTo(CLOSING);
    assertThat(latest(BATCH).balances()).isFalse();

    ledger.ended(new EndOfShare(BATCH, 0, 2, CLOCK, 1, 10, 1, ""));
    assertThat(latest(BATCH).state()).isEqualTo(READY);
    assertThat(latest(BATCH).balances()).isTrue();
  }

  @Test
  void a_batch_is_never_ready_while_shares_merged_another_number_than_intake_accepted() {
    ledger.counted(BATCH, span(0, accepted(4)));
    ledger.ended(end(BATCH, 0, 1, 1, 1));

    assertThat(only(ledger.ended(end(BATCH, 1, 1, 2, 1))).state()).isEqualTo(CLOSING);
  }

  @Test
  void a_batch_is_never_ready_while_a_record_has_no_verdict() {
    ledger.counted(BATCH, span(0, new Books(4, 3, 0, 0, 0, 0, 0)));
    ledger.ended(end(BATCH, 0, 1, 1, 1));

    assertThat(only(ledger.ended(end(BATCH, 1, 1, 2, 1))).state()).isEqualTo(CLOSING);
  }

  @Test
  void a_batch_is_never_ready_while_a_partition_read_more_than_all_books_hold() {
    ledger.counted(BATCH, span(0, accepted(3)));
    assertThat(ledger.counted(new PartitionRead("events", 0, 4, 0))).isFalse();
    ledger.ended(end(BATCH, 0, 1, 1, 1));

    assertThat(only(ledger.ended(end(BATCH, 1, 1, 2, 1))).state()).isEqualTo(CLOSING);
  }

  @Test
  void a_batch_is_never_ready_while_other_records_were_read_than_extracted() {
    ledger.counted(BATCH, span(0, accepted(3)));
    assertThat(ledger.counted(new PartitionRead("events", 0, 3, 0, 4, 1))).isFalse();
    ledger.ended(end(BATCH, 0, 1, 1, 1));

    assertThat(only(ledger.ended(end(BATCH, 1, 1, 2, 1))).state()).isEqualTo(CLOSING);
    assertThat(ledger.counted(new PartitionRead("events", 0, 3, 0, 3, 0))).isTrue();
  }

  @Test
  void a_batch_is_held_back_until_its_source_has_the_rows_that_are_expected() {
    ledger.counted(BATCH, span(0, accepted(3)));
    Expected unconfirmed = new Expected(4, 1);
    assertThat(ledger.counted(new PartitionRead("events", 0, 3, 0, 3, 0, unconfirmed))).isFalse();
    ledger.ended(end(BATCH, 0, 1, 1, 1));
    assertThat(only(ledger.ended(end(BATCH, 1, 1, 2, 1))).state()).isEqualTo(CLOSING);

    assertThat(ledger.counted(new PartitionRead("events", 0, 3, 0, 3, 0, new Expected(3, 0))))
        .isTrue();
    assertThat(only(ledger.agreed()).state()).isEqualTo(READY);
    assertThat(ledger.agreed()).as("only once").isEmpty();
  }

  @Test
  void records_without_a_batch_are_no_difference_between_the_two_counts() {
    ledger.counted(BATCH, span(0, accepted(3)));

    assertThat(ledger.counted(new PartitionRead("events", 0, 5, 2))).isTrue();
  }

  @Test
  void an_imbalance_of_one_partition_does_not_hold_up_a_batch_without_its_records() {
    ledger.counted(new PartitionRead("events", 1, 7, 0));

    assertThat(ready().state()).isEqualTo(READY);
  }

  @Test
  void a_share_that_ended_a_later_batch_had_nothing_of_the_earlier_one() {
    ledger.counted(BATCH, span(0, accepted(3)));
    ledger.ended(end(BATCH, 0, 1, 3, 1));

    List<LedgerEntry> changed = ledger.ended(end(NEXT, 1, 1, 0, 0));

    assertThat(changed.get(0).batch()).isEqualTo(BATCH);
    assertThat(changed.get(0).state()).isEqualTo(READY);
    assertThat(changed.get(0).shares().get(1)).isEqualTo(LedgerEntry.Share.EMPTY);
  }

  @Test
  void empty_batches_between_two_are_ready_before_the_later_one() {
    loaded();
    Batch later = HOURLY.batchOf(START.plusSeconds(4 * 3600));
    ledger.ended(end(later, 0, 1, 0, 0));

    List<LedgerEntry> changed = ledger.ended(end(later, 1, 1, 0, 0));

    assertThat(changed)
        .extracting(e -> e.batch().start().toString().substring(11, 13))
        .containsExactly("06", "07", "08", "09");
    assertThat(changed).allMatch(e -> e.state() == READY && e.resultRows() == 0);
  }

  @Test
  void empty_batches_are_there_too_when_the_older_of_two_closes_last() {
    Batch later = HOURLY.batchOf(START.plusSeconds(3 * 3600));
    ledger.ended(end(later, 0, 1, 0, 0));
    ledger.ended(end(later, 1, 1, 0, 0));

    ledger.ended(end(BATCH, 0, 1, 0, 0));
    ledger.ended(end(BATCH, 1, 1, 0, 0));

    assertThat(ledger.entries()).hasSize(4).allMatch(e -> e.state() == READY);
  }

  @Test
  void one_record_of_1970_does_not_make_half_a_million_empty_hours() {
    loaded();
    Batch epoch = HOURLY.batchOf(Instant.EPOCH);
    ledger.ended(end(epoch, 0, 1, 0, 0));
    ledger.ended(end(epoch, 1, 1, 0, 0));

    assertThat(ledger.entries()).extracting(LedgerEntry::batch).containsExactly(epoch, BATCH);
  }

  @Test
  void an_empty_batch_opens_again_for_a_record_that_is_in_time() {
    loaded();
    Batch later = HOURLY.batchOf(START.plusSeconds(2 * 3600));
    ledger.ended(end(later, 0, 1, 0, 0));
    ledger.ended(end(later, 1, 1, 0, 0));

    assertThat(only(ledger.counted(NEXT, span(1, accepted(1)))).state()).isIn(OPEN, CLOSING);
    assertThat(ledger.ended(end(NEXT, 0, 1, 1, 1)))
        .extracting(LedgerEntry::attempt, LedgerEntry::state)
        .containsExactly(tuple(1, SUPERSEDED), tuple(2, READY));
  }

  @Test
  void a_record_that_is_in_time_opens_the_next_attempt_of_a_closed_batch() {
    loaded();

    LedgerEntry next = only(ledger.counted(BATCH, span(0, accepted(4))));

    assertThat(next.attempt()).isEqualTo(2);
    assertThat(next.state()).isEqualTo(CLOSING);
    assertThat(next.loaded()).isEmpty();
  }

  @Test
  void a_published_attempt_is_superseded_only_when_the_next_one_is_ready() {
    loaded();
    ledger.counted(BATCH, span(0, accepted(4)));

    List<LedgerEntry> changed = ledger.ended(end(BATCH, 0, 2, 2, 1));

    assertThat(changed).extracting(LedgerEntry::attempt).containsExactly(1, 2);
    assertThat(changed).extracting(LedgerEntry::state).containsExactly(SUPERSEDED, READY);
    assertThat(changed.get(1).mergedRecords()).isEqualTo(4);
  }

  @Test
  void a_late_reject_changes_the_published_entry_and_makes_no_attempt() {
    loaded();

    LedgerEntry entry = only(ledger.counted(BATCH, span(0, new Books(4, 3, 0, 0, 0, 1, 0))));

    assertThat(entry.attempt()).isEqualTo(1);
    assertThat(entry.state()).isEqualTo(LOADED);
    assertThat(entry.books().late()).isEqualTo(1);
    assertThat(entry.balances()).isTrue();
  }

  @Test
  void a_target_may_still_load_the_standing_attempt_while_the_next_one_gathers() {
    ready();
    ledger.counted(BATCH, span(0, accepted(4)));

    LedgerEntry acked = only(ledger.acked(ack(1, 2)));

    assertThat(acked.attempt()).isEqualTo(1);
    assertThat(acked.state()).isEqualTo(LOADED);
    assertThat(latest(BATCH).attempt()).isEqualTo(2);
  }

  @Test
  void acks_that_say_nothing_new_change_nothing() {
    ready();

    assertThat(ledger.acked(ack(2, 2))).as("an attempt that is not there").isEmpty();
    assertThat(ledger.acked(Ack.published("duckdb:other", START, 1, 2))).as("no target").isEmpty();
    ledger.acked(ack(1, 2));
    assertThat(ledger.acked(ack(1, 2))).as("told again").isEmpty();
  }

  @Test
  void an_end_mark_that_is_told_again_changes_nothing() {
    loaded();

    assertThat(ledger.ended(end(BATCH, 1, 1, 2, 1))).isEmpty();
  }

  @Test
  void a_target_with_another_number_of_rows_fails_the_attempt() {
    ready();

    LedgerEntry failed = only(ledger.acked(ack(1, 3)));

    assertThat(failed.state()).isEqualTo(FAILED);
    assertThat(failed.note()).isEqualTo("duckdb:t holds 3 rows of 2");
  }

  @Test
  void a_result_that_can_not_be_computed_fails_the_attempt_once_all_shares_are_heard() {
    ledger.counted(BATCH, span(0, accepted(3)));
    ledger.ended(new EndOfShare(BATCH, 0, 1, CLOCK, 1, 1, 0, "the sum does not fit BIGINT"));
    LedgerEntry failed = only(ledger.ended(end(BATCH, 1, 1, 2, 1)));

    assertThat(failed.state()).isEqualTo(FAILED);
    assertThat(failed.note()).isEqualTo("the sum does not fit BIGINT");
  }

  @Test
  void what_was_published_stands_until_an_attempt_succeeds_again() {
    loaded();
    ledger.counted(BATCH, span(0, accepted(4)));
    ledger.ended(new EndOfShare(BATCH, 0, 2, CLOCK, 2, 2, 0, "overflow"));
    assertThat(latest(BATCH).state()).isEqualTo(FAILED);
    ledger.counted(BATCH, span(0, accepted(5)));

    List<LedgerEntry> changed = ledger.ended(end(BATCH, 0, 3, 3, 1));

    assertThat(changed).extracting(LedgerEntry::attempt).containsExactly(1, 3);
    assertThat(changed).extracting(LedgerEntry::state).containsExactly(SUPERSEDED, READY);
  }

  @Test
  void entries_are_restored_attempt_by_attempt() {
    LedgerEntry first = loaded();
    LedgerEntry second = only(ledger.counted(BATCH, span(0, accepted(4))));
    Ledger restored = ledger(Set.of(TARGET));
    restored.restore(second);

    assertThatThrownBy(() -> restored.restore(first)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void an_early_result_is_what_each_share_has_written_last() {
    ledger.counted(BATCH, span(0, accepted(3)));
    only(ledger.endedEarly(end(BATCH, 0, 1, 1, 1)));
    LedgerEntry open = only(ledger.endedEarly(end(BATCH, 0, 2, 2, 2)));

    assertThat(open.state()).isEqualTo(OPEN);
    assertThat(open.balances()).isTrue();
    LedgerEntry early = open.earlyAttempt().orElseThrow();
    assertThat(early.attempt()).isEqualTo(LedgerEntry.EARLY);
    assertThat(early.resultRows()).isEqualTo(2);
    assertThat(early.shares()).extracting(LedgerEntry.Share::attempt).containsExactly(2, 0);
  }

  @Test
  void an_early_result_may_come_before_the_counts() {
    assertThat(only(ledger.endedEarly(end(BATCH, 1, 1, 1, 1))).earlyAttempt()).isPresent();
    assertThat(only(ledger.counted(BATCH, span(0, accepted(3)))).earlyAttempt()).isPresent();
  }

  @Test
  void an_early_result_that_is_told_again_or_could_not_be_computed_changes_nothing() {
    ledger.endedEarly(end(BATCH, 0, 2, 1, 1));

    assertThat(ledger.endedEarly(end(BATCH, 0, 2, 1, 1))).isEmpty();
    assertThat(ledger.endedEarly(end(BATCH, 0, 1, 1, 1))).isEmpty();
    assertThat(ledger.endedEarly(new EndOfShare(BATCH, 0, 3, CLOCK, 1, 1, 0, "too large")))
        .isEmpty();
  }

  @Test
  void an_early_end_mark_says_nothing_of_earlier_batches() {
    ledger.counted(BATCH, span(0, accepted(3)));
    ledger.endedEarly(end(NEXT, 0, 1, 1, 1));

    assertThat(latest(BATCH).state()).isEqualTo(OPEN);
  }

  @Test
  void no_early_result_is_published_once_a_share_has_closed_the_batch() {
    ledger.counted(BATCH, span(0, accepted(3)));
    ledger.endedEarly(end(BATCH, 0, 1, 1, 1));
    LedgerEntry closing = only(ledger.ended(end(BATCH, 0, 2, 1, 1)));

    assertThat(closing.earlyAttempt()).isEmpty();
    assertThat(ledger.endedEarly(end(BATCH, 1, 1, 1, 1))).isEmpty();
    LedgerEntry ready = only(ledger.ended(end(BATCH, 1, 2, 2, 1)));
    assertThat(ready.state()).isEqualTo(READY);
    assertThat(ready.early()).as("it is replaced").isEmpty();
  }
}
