package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemill.batch.BatchState;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.TargetDefinition;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.server.Comparison;
import dev.tidemill.server.Comparison.Outlook;
import dev.tidemill.sql.CompiledPipeline;
import dev.tidemill.topology.Change.Effect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is said before a start of a pipeline that reads somebody else's topic. */
@ExtendWith(Cluster.Shared.class)
class ChangedTopologyTest {

  private static Comparison compare(Cluster cluster, TestPipeline pipeline) {
    return Comparison.of(
        pipeline.compiled(), cluster.settings(pipeline.name(), "plan"), cluster.registry());
  }

  @Test
  void an_open_batch_goes_on_unless_the_start_is_refused(Cluster cluster) {
    Spec spec = Spec.sums(1);
    try (TestPipeline pipeline = new TestPipeline(cluster, spec)) {
      pipeline.write(0, Event.of("2024-03-10T05:10:00", "a"), Event.of("2024-03-10T06:10:00", "a"));
      try (Instance instance = pipeline.start("a")) {
        instance.running();
        pipeline.awaitState("2024-03-10T05:00:00", BatchState.READY);
        pipeline.awaitState("2024-03-10T06:00:00", BatchState.OPEN);
        Comparison running = compare(cluster, pipeline);
        assertThat(running.runs()).isTrue();
        assertThat(running.wouldStart()).isTrue();
        assertThat(running.unfinished())
            .extracting(batch -> batch.entry().batch().id(), Comparison.Unfinished::outlook)
            .contains(tuple("2024-03-10T06:00:00Z", Outlook.GOES_ON));
      }
      Comparison refused = compare(cluster, pipeline.with(spec.sql("SELECT k FROM events")));
      assertThat(refused.runs()).isFalse();
      assertThat(refused.wouldStart()).isFalse();
      assertThat(refused.unfinished())
          .isNotEmpty()
          .allMatch(batch -> batch.outlook() == Outlook.STAYS);
    }
  }

  @Test
  void new_partitions_of_a_source_topic_are_refused_in_the_words_of_the_start(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(1))) {
      pipeline.start().close();
      Map<String, NewPartitions> two = Map.of(pipeline.source(), NewPartitions.increaseTo(2));
      TestClients.get(cluster.admin().createPartitions(two).all());
      Await.until("it is known", () -> !compare(cluster, pipeline).wouldStart());

      assertThat(compare(cluster, pipeline).changes())
          .filteredOn(change -> change.effect() == Effect.REFUSED)
          .singleElement()
          .satisfies(
              change -> {
                assertThat(change.text()).contains(pipeline.source() + "-1 is new");
                assertThatThrownBy(() -> pipeline.start("a")).hasMessage(change.text());
              });
    }
  }

  @Test
  void messages_of_another_release_are_refused_in_the_words_of_the_start(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(1))) {
      pipeline.start().close();
      String shuffle = pipeline.topics().shuffle();
      pipeline.sendElsewhere(new ProducerRecord<>(shuffle, new byte[] {0, 'P'}));

      assertThat(compare(cluster, pipeline).changes())
          .filteredOn(change -> change.effect() == Effect.REFUSED)
          .singleElement()
          .satisfies(
              change -> {
                assertThat(change.text())
                    .contains(shuffle + "-0@0: a message of version 0")
                    .contains("Run the release that wrote them");
                assertThatThrownBy(() -> pipeline.start("a")).hasMessage(change.text());
              });
    }
  }

  @Test
  void a_batch_that_waits_for_a_target_that_is_removed_is_loaded(Cluster cluster)
      throws IOException {
    String name = cluster.newPipeline();
    Path folder = Files.createDirectories(cluster.folder(name));
    TargetDefinition good = new TargetDefinition.DuckDb(folder.resolve("good.duckdb"), "sums");
    Path noDatabase = Files.writeString(folder.resolve("bad.duckdb"), "no database");
    TargetDefinition bad = new TargetDefinition.DuckDb(noDatabase, "never");
    String batch = "2024-03-10T05:00:00";
    try (TestPipeline both = new TestPipeline(cluster, into(name, good, bad))) {
      TestClients.createTopic(cluster.brokers(), both.source(), 1);
      both.write(0, Event.of(batch, "a"), Event.of("2024-03-10T06:10:00", "a"));
      try (Instance instance = both.start()) {
        instance.running();
        both.await(
            "one of them has loaded it",
            entries -> entries.stream().anyMatch(entry -> entry.loaded().size() == 1));
      }
    }
    try (TestPipeline one = new TestPipeline(cluster, into(name, good))) {
      assertThat(compare(cluster, one).unfinished())
          .filteredOn(waiting -> waiting.entry().state() == BatchState.READY)
          .extracting(Comparison.Unfinished::outlook, Comparison.Unfinished::waitsFor)
          .containsExactly(tuple(Outlook.IS_LOADED, List.of()));
      one.start();
      one.awaitState(batch, BatchState.LOADED);
    }
  }

  private static CompiledPipeline into(String name, TargetDefinition... targets) {
    CompiledPipeline pipeline = Spec.sums(1).compile(name);
    PipelineDefinition definition = pipeline.definition();
    return new CompiledPipeline(
        new PipelineDefinition(
            definition.file(),
            name,
            "",
            definition.batch(),
            definition.sources(),
            definition.sql(),
            List.of(targets)),
        pipeline.query());
  }
}
