package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.embedded.TestClients;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A share attempt is a full re-emission of frozen groups, in chunks. */
@ExtendWith(Cluster.Shared.class)
class Rule05FrozenShareTest {
  private static final int GROUPS = 40;
  private static final PipelineStreams.Seams SMALL_CHUNKS =
      new PipelineStreams.Seams(UnaryOperator.identity(), 2);
  private static final String TWICE =
      "SELECT k, COUNT(*) AS n FROM (SELECT k FROM events UNION ALL SELECT k || '-too' FROM events)"
          + " AS m GROUP BY k";

  private static Event[] everyGroup() {
    return IntStream.range(0, GROUPS)
        .mapToObj(i -> Event.of("2024-03-10T05:10:00", "g%03d".formatted(i)))
        .toArray(Event[]::new);
  }

  private static List<String> attempt(TestPipeline pipeline, int attempt) {
    return pipeline.results().stream()
        .filter(result -> result.attempt() == attempt)
        .flatMap(result -> result.row().stream())
        .map(List::toString)
        .sorted()
        .toList();
  }

  private static void awaitFirstChunk(TestPipeline pipeline) {
    Await.until("the emission has begun", () -> !attempt(pipeline, 1).isEmpty());
  }

  private static boolean hasEnded(TestPipeline pipeline) {
    return pipeline.results().stream().anyMatch(r -> r.row().equals(Optional.empty()));
  }

  /** That newcomers did come in the middle, or the test shows nothing. */
  private static void assertSomeWaited(Cluster cluster, TestPipeline pipeline) {
    assertThat(
            TestClients.committed(
                cluster.brokers(), pipeline.topics().applicationId() + "-pending-changelog"))
        .as("newcomers that waited while the share emitted")
        .isNotEmpty();
  }

  @Test
  void newcomers_during_an_emission_wait_for_the_next_attempt_which_is_complete(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(1).soonIdle())) {
      pipeline.write(0, everyGroup());
      pipeline.start("a", Clock.systemUTC(), SMALL_CHUNKS);
      awaitFirstChunk(pipeline);
      pipeline.write(0, everyGroup());
      pipeline.write(0, Event.of("2024-03-10T05:10:00", "a new group"));

      List<LedgerEntry> entries = pipeline.awaitPublished();
      assertSomeWaited(cluster, pipeline);
      assertThat(attempt(pipeline, 1)).hasSize(GROUPS).allMatch(row -> row.endsWith(", 1, 1.0]"));
      assertThat(pipeline.rows("2024-03-10T05:00:00"))
          .hasSize(GROUPS + 1)
          .contains("[a new group, 1, 1.0]", "[g000, 2, 2.0]", "[g039, 2, 2.0]");
      assertThat(entries.get(0).mergedRecords()).isEqualTo(2 * GROUPS + 1);
    }
  }

  @Test
  void a_group_whose_record_is_counted_in_another_share_waits_as_well(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(2).sql(TWICE).soonIdle())) {
      pipeline.write(0, everyGroup());
      pipeline.start("a", Clock.systemUTC(), SMALL_CHUNKS);
      awaitFirstChunk(pipeline);
      for (int i = 0; i < 8; i++) {
        pipeline.write(i % 2, Event.of("2024-03-10T05:10:00", "new" + i, 7));
      }

      // READY alone is not the end: the books count records, and a record is in two groups here.
      pipeline.awaitPublished();
      Await.until(
          "both groups of every record are published",
          () -> pipeline.rows("2024-03-10T05:00:00").size() == 2 * (GROUPS + 8));
      assertSomeWaited(cluster, pipeline);
      assertThat(pipeline.rows("2024-03-10T05:00:00"))
          .contains("[new0, 1]", "[new0-too, 1]", "[new7, 1]", "[new7-too, 1]");
    }
  }

  @Test
  void an_emission_that_dies_goes_on_where_its_last_transaction_ended(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(1).soonIdle())) {
      String results = pipeline.topics().results();
      int[] chunks = {0};
      var deaths =
          new DyingProducers(
              1,
              pipeline.topics().shuffle(),
              commit -> commit.sent().containsKey(results) && chunks[0]++ == 3);
      pipeline.write(0, everyGroup());
      pipeline.start("a", Clock.systemUTC(), deaths.seams(10));

      pipeline.awaitPublished();
      assertThat(deaths.happened()).isEqualTo(1);
      assertThat(hasEnded(pipeline)).isTrue();
      assertThat(attempt(pipeline, 1)).hasSize(GROUPS).doesNotHaveDuplicates();
    }
  }
}
