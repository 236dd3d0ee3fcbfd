package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.batch.BatchState;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.embedded.TestClients;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Rule 9: a missing offset is a gap, loudly. Rule 11: who must be heard does not change. */
@ExtendWith(Cluster.Shared.class)
class Rule09OffsetsTest {

  private static Map<TopicPartition, OffsetAndMetadata> committed(
      Cluster cluster, TestPipeline pipeline) {
    return TestClients.get(
        cluster
            .admin()
            .listConsumerGroupOffsets(pipeline.topics().applicationId())
            .partitionsToOffsetAndMetadata());
  }

  /** One batch is closed and published, then the process ends. */
  private static void runOnce(TestPipeline pipeline) {
    pipeline.write(0, Event.of("2024-03-10T05:10:00", "a"), Event.of("2024-03-10T06:10:00", "a"));
    try (Instance first = pipeline.start("a")) {
      first.running();
      pipeline.awaitState("2024-03-10T05:00:00", BatchState.READY);
    }
  }

  @Test
  void every_partition_has_an_offset_before_the_first_record(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(3))) {
      pipeline.start().close();

      assertThat(committed(cluster, pipeline).values())
          .allMatch(offset -> offset.offset() == 0)
          .hasSize(3 + 3 + 1 + 1);
    }
  }

  @Test
  void two_instances_may_start_a_new_pipeline_at_the_same_time(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(2).soonIdle())) {
      pipeline.write(0, Event.of("2024-03-10T05:10:00", "a"));
      pipeline.write(1, Event.of("2024-03-10T05:20:00", "a"));
      CompletableFuture<Instance> other = CompletableFuture.supplyAsync(() -> pipeline.start("b"));
      pipeline.start("a");
      other.join();

      pipeline.awaitPublished();
      assertThat(pipeline.rows("2024-03-10T05:00:00")).containsExactly("[a, 2, 2.0]");
    }
  }

  @Test
  void records_that_were_deleted_unread_are_named_and_nothing_is_skipped(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(1))) {
      runOnce(pipeline);
      for (int i = 0; i < 5; i++) {
        pipeline.write(0, Event.of("2024-03-10T06:20:00", "a"));
      }
      TopicPartition partition = new TopicPartition(pipeline.source(), 0);
      TestClients.get(
          cluster.admin().deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(5))).all());

      assertThatThrownBy(() -> pipeline.start("a"))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining(partition + ": the records 2 to 4 were deleted before they were");
    }
  }

  /** Between the look at the offsets and the first record: {@code auto.offset.reset} is none. */
  @Test
  void records_that_are_deleted_while_it_starts_stop_it_and_nothing_is_skipped(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(1))) {
      runOnce(pipeline);
      pipeline.write(0, Event.of("2024-03-10T06:20:00", "a"), Event.of("2024-03-10T06:30:00", "a"));
      TopicPartition partition = new TopicPartition(pipeline.source(), 0);
      UnaryOperator<KafkaClientSupplier> deleting =
          clients -> {
            TestClients.get(
                cluster
                    .admin()
                    .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(3)))
                    .all());
            return clients;
          };

      Instance instance =
          pipeline.start("a", Clock.systemUTC(), new PipelineStreams.Seams(deleting, Share.CHUNK));
      assertThat(instance.failure()).hasStackTraceContaining(partition.toString());
      assertThat(pipeline.view().accountedFor()).isEqualTo(2);
    }
  }

  @Test
  void lost_offsets_of_a_pipeline_that_has_state_are_no_first_start(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(1))) {
      runOnce(pipeline);
      TestClients.get(
          cluster.admin().deleteConsumerGroups(List.of(pipeline.topics().applicationId())).all());

      assertThatThrownBy(() -> pipeline.start("a"))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("has no offsets any more");
    }
  }

  @Test
  void rule_11_a_changed_partition_count_is_refused_with_what_to_do(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(1))) {
      runOnce(pipeline);
      TestClients.get(
          cluster
              .admin()
              .createPartitions(Map.of(pipeline.source(), NewPartitions.increaseTo(2)))
              .all());
      Await.until(
          "the broker knows the new partition",
          () ->
              TestClients.get(
                          cluster
                              .admin()
                              .describeTopics(List.of(pipeline.source()))
                              .allTopicNames())
                      .get(pipeline.source())
                      .partitions()
                      .size()
                  == 2);

      assertThatThrownBy(() -> pipeline.start("a"))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining(pipeline.source() + "-1 is new")
          .hasMessageContaining("give the pipeline a new name");
    }
  }
}
