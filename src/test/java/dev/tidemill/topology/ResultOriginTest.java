package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.batch.BatchState;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.events.Events;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** State that was made with one statement means nothing to another. */
@ExtendWith(Cluster.Shared.class)
class ResultOriginTest {

  private static void runOnce(TestPipeline pipeline) {
    pipeline.write(0, Event.of("2024-03-10T05:10:00", "a"), Event.of("2024-03-10T06:10:00", "a"));
    try (Instance first = pipeline.start("a")) {
      first.running();
      pipeline.awaitState("2024-03-10T05:00:00", BatchState.READY);
    }
  }

  private static void start(Cluster cluster, TestPipeline pipeline, Spec changed) {
    new PipelineStreams(
            changed.compile(pipeline.name()),
            cluster.registry(),
            cluster.settings(pipeline.name(), "a"),
            Clock.systemUTC(),
            Optional.empty(),
            Events.unheard())
        .close();
  }

  @Test
  void a_changed_statement_or_clock_is_refused_with_what_it_was(Cluster cluster) {
    Spec spec = Spec.sums(1);
    try (TestPipeline pipeline = new TestPipeline(cluster, spec)) {
      runOnce(pipeline);

      assertThatThrownBy(
              () ->
                  start(
                      cluster,
                      pipeline,
                      spec.sql(
                          "SELECT k, COUNT(*) AS n, MAX(amount) AS total FROM events GROUP BY k")))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("'sql' was: " + Spec.SUMS)
          .hasMessageContaining("give the changed pipeline a new name");
      pipeline.letTheBrokerSetTimestamps();
      assertThatThrownBy(() -> start(cluster, pipeline, spec.byTheWall()))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("'clock' was: event");
    }
  }

  @Test
  void other_spacing_is_no_change(Cluster cluster) {
    Spec spec = Spec.sums(1);
    try (TestPipeline pipeline = new TestPipeline(cluster, spec)) {
      runOnce(pipeline);

      assertThatCode(
              () ->
                  start(cluster, pipeline, spec.sql(Spec.SUMS.replace(" FROM", "\n  FROM") + "\n")))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void a_changed_dedupe_is_refused_with_what_it_was(Cluster cluster) {
    Spec spec = Spec.sums(1);
    String name = cluster.newPipeline();
    try (TestPipeline pipeline =
        new TestPipeline(cluster, Deduped.compile(spec, name, Optional.empty(), "k"))) {
      TestClients.createTopic(cluster.brokers(), pipeline.source(), 1);
      runOnce(pipeline);

      assertThatThrownBy(() -> start(cluster, pipeline, spec))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("'dedupe' was: events by [k] within the batch");
    }
  }
}
