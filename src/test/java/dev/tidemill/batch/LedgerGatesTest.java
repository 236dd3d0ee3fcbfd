package dev.tidemill.batch;

import static dev.tidemill.batch.BatchState.CLOSING;
import static dev.tidemill.batch.BatchState.LOADED;
import static dev.tidemill.batch.BatchState.QUARANTINED;
import static dev.tidemill.batch.BatchState.READY;
import static dev.tidemill.batch.BatchState.SUPERSEDED;
import static dev.tidemill.batch.CloseReason.CLOCK;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Gates in the life of a batch: one source partition, one share, one target. */
class LedgerGatesTest {
  private static final Calendar HOURLY = new ZonedCalendar(Macro.HOURLY, ZoneOffset.UTC);
  private static final Instant START = Instant.parse("2024-03-10T05:00:00Z");
  private static final Batch FIRST = HOURLY.batchOf(START);
  private static final Batch SECOND = HOURLY.next(FIRST);
  private static final Batch THIRD = HOURLY.next(SECOND);
  private static final Release RELEASE = new Release("ann", START, "the source says so");

  /** Refuses batches of certain numbers of rows, and writes down what it was shown. */
  private static final class FakeGates implements Gates {
    private final int lookBack;
    private final Set<Long> refused = new HashSet<>();
    private final List<String> judged = new ArrayList<>();

    FakeGates(int lookBack) {
      this.lookBack = lookBack;
    }

    @Override
    public int lookBack() {
      return lookBack;
    }

    @Override
    public List<Breach> judge(LedgerEntry entry, List<LedgerEntry> before) {
      judged.add(
          entry.resultRows() + " after " + before.stream().map(LedgerEntry::resultRows).toList());
      return refused.contains(entry.resultRows())
          ? List.of(new Breach("g", "rule", "reason", List.of("row")))
          : List.of();
    }
  }

  private final FakeGates gates = new FakeGates(2);
  private Ledger ledger = ledger();

  private Ledger ledger() {
    return new Ledger("p", HOURLY, 1, Set.of("t"), gates, Clock.fixed(START, ZoneOffset.UTC));
  }

  private List<LedgerEntry> counted(Batch batch, long records) {
    var books = new Books(records, records, 0, 0, 0, 0, 0);
    return ledger.counted(
        batch, new SourceSpan("events", 0, 0, 9, EventClock.NO_TIME, books, records));
  }

  private List<LedgerEntry> ended(Batch batch, int attempt, long merged, long rows) {
    return ledger.ended(new EndOfShare(batch, 0, attempt, CLOCK, merged, merged, rows, ""));
  }

  /** As many rows as records. */
  private List<LedgerEntry> whole(Batch batch, long rows) {
    counted(batch, rows);
    return ended(batch, 1, rows, rows);
  }

  private static LedgerEntry last(List<LedgerEntry> changed) {
    return changed.get(changed.size() - 1);
  }

  private LedgerEntry latest(Batch batch) {
    return ledger.entries().stream().filter(e -> e.batch().equals(batch)).findFirst().orElseThrow();
  }

  @Test
  void a_batch_that_breaks_a_gate_is_in_quarantine_and_the_next_one_goes_on() {
    gates.refused.add(3L);

    LedgerEntry held = last(whole(FIRST, 3));
    assertThat(held.state()).isEqualTo(QUARANTINED);
    assertThat(held.quarantine().orElseThrow().breaches())
        .containsExactly(new Breach("g", "rule", "reason", List.of("row")));
    assertThat(last(whole(SECOND, 4)).state()).isEqualTo(READY);
  }

  @Test
  void a_released_batch_is_ready_and_the_ledger_keeps_who_and_why() {
    gates.refused.add(3L);
    whole(FIRST, 3);

    LedgerEntry released = last(ledger.released(START, 1, RELEASE));
    assertThat(released.state()).isEqualTo(READY);
    assertThat(released.quarantine().orElseThrow().release()).contains(RELEASE);
    assertThat(last(ledger.acked(Ack.published("t", START, 1, 3))).state()).isEqualTo(LOADED);
    assertThat(latest(FIRST).quarantine().orElseThrow().release()).contains(RELEASE);
  }

  @Test
  void a_release_of_what_is_not_in_quarantine_changes_nothing() {
    gates.refused.add(3L);
    whole(FIRST, 3);

    assertThat(ledger.released(START, 2, RELEASE)).as("another attempt").isEmpty();
    assertThat(ledger.released(START.plusSeconds(1), 1, RELEASE)).as("no batch").isEmpty();
    assertThat(ledger.released(SECOND.start(), 1, RELEASE)).as("unknown").isEmpty();
    ledger.released(START, 1, RELEASE);
    assertThat(ledger.released(START, 1, RELEASE)).as("twice").isEmpty();
  }

  @Test
  void while_a_later_attempt_is_held_the_published_one_stands_and_its_release_replaces_it() {
    whole(FIRST, 3);
    ledger.acked(Ack.published("t", START, 1, 3));
    gates.refused.add(4L);
    counted(FIRST, 4);
    LedgerEntry held = last(ended(FIRST, 2, 4, 4));
    assertThat(held.state()).isEqualTo(QUARANTINED);
    assertThat(held.attempt()).isEqualTo(2);

    assertThat(ledger.released(START, 2, RELEASE))
        .extracting(LedgerEntry::state)
        .containsExactly(SUPERSEDED, READY);
  }

  @Test
  void a_batch_in_quarantine_that_reopens_is_judged_anew() {
    gates.refused.add(3L);
    whole(FIRST, 3);

    assertThat(last(counted(FIRST, 5)).state()).isEqualTo(CLOSING);
    LedgerEntry second = last(ended(FIRST, 2, 5, 5));
    assertThat(second.state()).isEqualTo(READY);
    assertThat(second.quarantine()).isEmpty();
  }

  @Test
  void a_gate_sees_the_published_batches_before_and_no_others() {
    whole(FIRST, 1);
    gates.refused.add(3L);
    whole(SECOND, 3);
    whole(THIRD, 4);
    whole(HOURLY.next(THIRD), 5);

    assertThat(gates.judged)
        .containsExactly("1 after []", "3 after [1]", "4 after [1]", "5 after [4, 1]");
  }

  @Test
  void a_gate_sees_empty_batches_that_nobody_counted() {
    whole(FIRST, 1);
    whole(HOURLY.next(THIRD), 4);

    assertThat(gates.judged)
        .containsExactly("1 after []", "0 after [1]", "0 after [0, 1]", "4 after [0, 0]");
  }

  @Test
  void a_batch_waits_with_its_judgement_until_an_earlier_one_is_decided() {
    counted(FIRST, 2);
    ended(FIRST, 1, 1, 1); // a record of it is still on its way
    assertThat(last(whole(SECOND, 7)).state()).isEqualTo(CLOSING);
    assertThat(gates.judged).isEmpty();

    assertThat(ended(FIRST, 2, 2, 2)).extracting(LedgerEntry::state).containsExactly(READY, READY);
    assertThat(gates.judged).containsExactly("2 after []", "7 after [2]");
  }

  @Test
  void a_batch_does_not_wait_for_one_that_is_published_and_open_again() {
    whole(FIRST, 2);
    counted(FIRST, 3);
    assertThat(last(whole(SECOND, 7)).state()).isEqualTo(READY);
    assertThat(gates.judged).containsExactly("2 after []", "7 after [2]");
  }

  @Test
  void an_owner_that_is_restarted_knows_what_is_held_and_what_waits() {
    gates.refused.add(3L);
    whole(FIRST, 3);
    counted(SECOND, 2);
    ended(SECOND, 1, 1, 1);
    whole(THIRD, 7);
    List<LedgerEntry> stored = List.copyOf(ledger.entries());
    ledger = ledger();
    stored.forEach(ledger::restore);

    assertThat(latest(FIRST).state()).isEqualTo(QUARANTINED);
    assertThat(ended(SECOND, 2, 2, 2)).extracting(LedgerEntry::state).containsExactly(READY, READY);
    assertThat(ledger.released(START, 1, RELEASE)).hasSize(1);
  }

  @Test
  void what_was_held_never_stands_for_its_batch() {
    gates.refused.add(3L);
    whole(FIRST, 3);
    counted(FIRST, 5);

    assertThat(ledger.acked(Ack.published("t", START, 1, 3))).isEmpty();
    assertThat(latest(FIRST).quarantine()).isEqualTo(Optional.empty());
  }
}
