package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.Books;
import dev.tidemill.batch.LedgerEntry;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** With real stores and transactions. */
@ExtendWith(Cluster.Shared.class)
class DedupeRestartTest {

  @Test
  void duplicates_are_found_after_a_death_and_by_a_process_without_local_state(Cluster cluster) {
    String name = cluster.newPipeline();
    Spec spec = Spec.sums(1).soonIdle();
    try (TestPipeline pipeline =
        new TestPipeline(cluster, Deduped.compile(spec, name, Optional.empty(), "k"))) {
      dev.tidemill.embedded.TestClients.createTopic(cluster.brokers(), pipeline.source(), 1);
      pipeline.write(0, Event.of("2024-03-10T05:10:00", "a", 2));
      pipeline.write(0, Event.of("2024-03-10T05:11:00", "b", 3));
      var death =
          new DyingProducers(1, pipeline.topics().shuffle(), commit -> commit.partials() > 0);
      Instance first = pipeline.start("a", Clock.systemUTC(), death.seams());
      pipeline.awaitPublished();
      assertThat(death.happened()).isEqualTo(1);
      first.close();

      pipeline.write(0, Event.of("2024-03-10T05:12:00", "a", 5));
      pipeline.write(0, Event.of("2024-03-10T05:13:00", "c", 7));
      pipeline.start("b");
      List<LedgerEntry> ledger = pipeline.awaitPublished();

      assertThat(ledger).hasSize(1).allMatch(LedgerEntry::balances);
      assertThat(ledger.get(0).books()).isEqualTo(new Books(4, 3, 0, 0, 1, 0, 0));
      assertThat(pipeline.rows("2024-03-10T05:00:00"))
          .containsExactly("[a, 1, 2.0]", "[b, 1, 3.0]", "[c, 1, 7.0]");
    }
  }
}
