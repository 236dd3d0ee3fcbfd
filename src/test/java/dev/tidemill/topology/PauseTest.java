package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.Pause;
import dev.tidemill.definition.MaxRejects;
import dev.tidemill.events.CollectedEvents;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A pipeline that pauses, of several instances on a real broker. */
@ExtendWith(Cluster.Shared.class)
class PauseTest {
  private static final Spec SPEC =
      Spec.sums(2)
          .soonIdle()
          .expect("known", "k <> 'poison'")
          .maxRejects(new MaxRejects(Optional.empty(), Optional.of(3L)));
  private static final Event GOOD = Event.of("2024-03-10T05:00:00", "a");
  private static final Event POISON = Event.of("2024-03-10T05:00:01", "poison");

  @Test
  void every_instance_comes_to_the_same_record_and_a_changed_definition_goes_on(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, SPEC)) {
      CollectedEvents told = new CollectedEvents();
      pipeline.events().subscribe("pipeline.paused", told);
      pipeline.write(0, GOOD);
      pipeline.write(1, GOOD);
      Instance a = pipeline.start("a").running();
      Instance b = pipeline.start("b").running();
      Await.until("both have a part", () -> a.shares() > 0 && b.shares() > 0);
      pipeline.write(0, POISON, POISON, POISON, POISON, GOOD);

      List<Pause> pauses = List.of(pause(a), pause(b));
      a.close();
      b.close();
      assertThat(told.await("pipeline.paused").metadata())
          .containsEntry("place", pipeline.source() + "-0@4")
          .containsEntry("reason", pauses.get(0).reason());
      assertThat(pauses).extracting(Pause::place).containsOnly(pipeline.source() + "-0@4");
      assertThat(pauses).extracting(Pause::reason).containsOnly(pauses.get(0).reason());
      assertThat(pauses).extracting(Pause::samples).containsOnly(pauses.get(0).samples());
      assertThat(pauses.get(0).samples())
          .containsExactly(
              new Pause.Sample(
                  4,
                  1,
                  "expect: known",
                  "{\"at\":\"2024-03-10T05:00:01Z\",\"k\":\"poison\",\"amount\":1.0}"));

      try (TestPipeline changed = pipeline.with(SPEC.expect("known", "k <> 'poisonous'"))) {
        changed.alsoWritten(7);
        changed.start("a");
        List<LedgerEntry> ledger = changed.awaitPublished();
        assertThat(ledger).hasSize(1);
        assertThat(ledger.get(0).books().accepted()).isEqualTo(7);
        assertThat(ledger.get(0).balances()).isTrue();
      }
    }
  }

  private static Pause pause(Instance instance) {
    assertThat(instance.failure()).isInstanceOf(PausedException.class);
    return ((PausedException) instance.failure()).pause();
  }
}
