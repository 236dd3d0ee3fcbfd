package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.cli.Table;
import dev.tidemill.events.CollectedEvents;
import dev.tidemill.events.EventListener;
import dev.tidemill.events.EventType;
import dev.tidemill.events.Subscription;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Listeners that do what they must not, beside a pipeline on a broker, with a target. */
@ExtendWith(Cluster.Shared.class)
class ListenersOfARunTest {
  private static final int HOURS = 10;

  @Test
  void a_blocked_and_a_failing_listener_do_not_hurt_the_flow(Cluster cluster) throws Exception {
    Path warehouse = cluster.folder("warehouse").resolve("listeners.duckdb");
    CountDownLatch goOn = new CountDownLatch(1);
    CollectedEvents collected = new CollectedEvents();
    CollectedEvents afterwards = new CollectedEvents();
    EventListener blocking =
        event -> {
          goOn.await();
          afterwards.on(event);
        };
    EventListener throwing =
        event -> {
          throw new IllegalStateException("I always do");
        };
    try (TestPipeline pipeline =
        new TestPipeline(cluster, Spec.sums(1).soonIdle().into(warehouse))) {
      Subscription blocked = pipeline.events().subscribe("blocked", List.of(""), blocking);
      for (int i = 0; blocked.lost() == 0; i++) { // until no more can wait for it
        pipeline.events().event(EventType.LOAD_ELECTED).with("target", "earlier " + i).emit();
      }
      Subscription good = pipeline.events().subscribe("", collected);
      Subscription failing = pipeline.events().subscribe("failing", List.of(""), throwing);
      pipeline.write(0, Event.of("2024-03-01T05:10:00", "a"));
      pipeline.write(0, Event.of("2024-03-01T05:20:00", "a", 2));
      pipeline.write(0, Event.of("2024-03-01T14:10:00", "b"));
      Instance instance = pipeline.start();

      List<LedgerEntry> entries = pipeline.awaitPublished();

      assertThat(entries).hasSize(HOURS).allMatch(LedgerEntry::balances);
      assertThat(entries).allMatch(entry -> entry.state() == BatchState.LOADED);
      instance.close();
      assertThat(Table.query("jdbc:duckdb:" + warehouse, "SELECT k, n FROM sums ORDER BY k"))
          .containsExactly(List.of("a", 2L), List.of("b", 1L));

      assertThat(blocked.delivered()).isZero();
      assertThat(blocked.lost()).isGreaterThan(collected.under("batch").size());
      assertThat(failing.failed()).isGreaterThanOrEqualTo(5);
      assertThat(failing.lost()).isPositive();
      assertThat(good.lost()).isZero();
      assertThat(collected.await("listener.suspended").metadata())
          .containsEntry("listener", "failing");
      everyBatchIsToldInItsOrder(collected, entries);

      long lost = blocked.lost();
      goOn.countDown();
      blocked.close();
      assertThat(blocked.lost()).as("those that waited are delivered").isEqualTo(lost);
      assertThat(afterwards.under("load.elected").size()).isGreaterThanOrEqualTo(1_000);
      assertThat(afterwards.under("batch")).isEmpty();
    }
  }

  private static void everyBatchIsToldInItsOrder(
      CollectedEvents collected, List<LedgerEntry> entries) {
    for (LedgerEntry entry : entries) {
      String batch = entry.batch().id();
      collected.await(
          batch + " is loaded",
          event ->
              event.name().equals("batch.loaded") && batch.equals(event.metadata().get("batch")));
      assertThat(
              collected.all().stream()
                  .filter(event -> batch.equals(event.metadata().get("batch")))
                  .filter(event -> !"incomplete".equals(event.metadata().get("outcome")))
                  .map(dev.tidemill.events.Event::name)
                  .distinct())
          .as(batch)
          .containsExactly(
              "batch.opened",
              "batch.closed",
              "load.publish.start",
              "load.publish.stop",
              "batch.loaded");
    }
  }
}
