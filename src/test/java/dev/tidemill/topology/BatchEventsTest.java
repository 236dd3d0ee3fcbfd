package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.events.CollectedEvents;
import dev.tidemill.events.Subscription;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the owner of the batches tells of them, and when. */
class BatchEventsTest {
  private static final Spec SUMS = Spec.sums(1).soonIdle();
  private static final String FIVE = "2024-03-10T05:10:00";

  private final CollectedEvents collected = new CollectedEvents();

  private SimulatedPipeline pipeline;
  private Subscription subscription;

  private void given(Spec spec) {
    SimulatedPipeline.Parts parts = new SimulatedPipeline.Parts(spec);
    subscription = parts.told().subscribe("batch", collected);
    pipeline = new SimulatedPipeline(parts, Share.CHUNK);
  }

  private List<String> told() {
    subscription.close();
    return collected.names();
  }

  @Test
  void a_batch_opens_and_closes_with_its_books() {
    given(SUMS);
    pipeline.append(0, Event.of(FIVE, "a"), Event.of(FIVE, "b"));
    pipeline.settle();

    assertThat(told()).containsExactly("batch.opened", "batch.closed");
    LedgerEntry entry = pipeline.entries().iterator().next();
    dev.tidemill.events.Event closed = collected.all().get(1);
    assertThat(closed.metadata())
        .isEqualTo(Map.of("batch", entry.batch().id(), "attempt", "1", "reason", "IDLE"));
    assertThat(closed.measurements())
        .containsEntry("read", 2L)
        .containsEntry("accepted", 2L)
        .containsEntry("rows", 2L);
    assertThat(closed.duration()).isPresent();
  }

  @Test
  void a_quarantined_batch_says_which_gates_it_did_not_pass() {
    given(SUMS.require("enough", "read > 100").require("some", "read > 0"));
    pipeline.append(0, Event.of(FIVE, "a"));
    pipeline.settle();

    assertThat(told()).containsExactly("batch.opened", "batch.closed", "batch.quarantined");
    assertThat(collected.all().get(2).metadata()).containsEntry("gates", "enough");
  }

  @Test
  void a_batch_that_opens_again_says_so() {
    given(SUMS);
    pipeline.append(0, Event.of(FIVE, "a"));
    pipeline.settle();
    pipeline.append(0, Event.of(FIVE, "late but in time"));
    pipeline.settle();

    assertThat(told())
        .containsExactly("batch.opened", "batch.closed", "batch.reopened", "batch.closed");
    assertThat(collected.all())
        .extracting(event -> event.metadata().get("attempt"))
        .containsExactly("1", "1", "2", "2");
  }

  @Test
  void a_transaction_that_does_not_commit_is_not_told_of() {
    given(SUMS);
    pipeline.append(0, Event.of(FIVE, "a"));
    pipeline.settleWithout(pipeline.owner());
    SimulatedTask<?> owner = pipeline.owner();
    assertThat(owner.processOne()).isTrue();
    owner.flush();
    owner.restart(); // it died in its commit

    assertThat(collected.all()).isEmpty();
    pipeline.settle();
    assertThat(told()).containsExactly("batch.opened", "batch.closed");
  }

  @Test
  void the_next_owner_goes_on_where_the_last_one_was() {
    given(SUMS);
    pipeline.append(0, Event.of(FIVE, "a"));
    pipeline.settle();
    pipeline.owner().restart();
    pipeline.append(0, Event.of("2024-03-10T06:10:00", "a"));
    pipeline.settle();

    assertThat(told())
        .containsExactly("batch.opened", "batch.closed", "batch.opened", "batch.closed");
  }

  @Test
  void what_was_committed_last_is_told_when_the_task_is_closed() {
    given(SUMS);
    pipeline.append(0, Event.of(FIVE, "a"));
    pipeline.settleWithout(pipeline.owner());
    SimulatedTask<?> owner = pipeline.owner();
    assertThat(owner.processOne()).isTrue();
    owner.flush();
    owner.commit();
    owner.hook().commit(Map.of()); // as Streams calls it, without another tick

    assertThat(told()).containsExactly("batch.opened");
  }
}
