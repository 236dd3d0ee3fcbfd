package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.schema.Reject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Absurd times, in the record or about it: refused, while all others are on time. */
@ExtendWith(Cluster.Shared.class)
class Rule10TimestampsTest {
  private static final Event BEFORE = Event.of("2024-03-10T05:10:00", "a", 1);
  private static final Event AFTER = Event.of("2024-03-10T05:20:00", "a", 2);
  private static final Event TEN_YEARS_ON =
      new Event(Instant.now().plus(3653, ChronoUnit.DAYS), "a", 4);

  @Test
  void streams_is_never_given_a_negative_time_for_it_would_drop_the_record_unseen() {
    assertThat(PipelineTopology.RECORD_TIME.extract(record(-1), 5)).isZero();
    assertThat(PipelineTopology.RECORD_TIME.extract(record(Long.MIN_VALUE), 5)).isZero();
    assertThat(PipelineTopology.RECORD_TIME.extract(record(7), 5)).isEqualTo(7);
  }

  private static ConsumerRecord<Object, Object> record(long time) {
    return new ConsumerRecord<>(
        "t",
        0,
        0,
        time,
        TimestampType.CREATE_TIME,
        0,
        0,
        null,
        null,
        new RecordHeaders(),
        java.util.Optional.empty());
  }

  /** E10, the time in the record. */
  @Test
  void an_absurd_event_time_is_refused_and_the_others_are_on_time(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(1).soonIdle())) {
      pipeline.write(0, BEFORE);
      pipeline.write(0, new Event(Instant.ofEpochMilli(Long.MAX_VALUE), "a", 8));
      pipeline.write(0, TEN_YEARS_ON);
      pipeline.write(0, new Event(Instant.ofEpochMilli(-1), "a", 16));
      pipeline.write(0, new Event(Instant.ofEpochMilli(Long.MIN_VALUE), "a", 32));
      pipeline.write(0, AFTER);
      assertRefusedAndOnTime(pipeline, 4);
    }
  }

  /** E10, the time that Kafka has of the record: a foreign producer may set it. */
  @Test
  void an_absurd_time_of_the_record_itself_is_refused_and_the_others_are_on_time(Cluster cluster)
      throws Exception {
    Spec spec = Spec.sums(1).maxJump(Duration.ofDays(1)).soonIdle();
    try (TestPipeline pipeline = new TestPipeline(cluster, spec)) {
      permitAnyTime(cluster, pipeline.source());
      pipeline.write(0, BEFORE);
      send(pipeline, Long.MAX_VALUE, AFTER);
      send(pipeline, TEN_YEARS_ON.at().toEpochMilli(), TEN_YEARS_ON); // only max-jump can tell
      send(pipeline, 0, AFTER); // the event would be later than its record
      pipeline.write(0, AFTER);
      List<Reject> rejects = assertRefusedAndOnTime(pipeline, 3);

      assertThat(rejects.get(0).reason()).contains("the record's own time, +292278994");
      assertThat(rejects.get(1).reason()).contains("max-jump");
      assertThat(rejects.get(2).reason()).contains("max-ahead, 1970-01-01T01:00:00Z");
    }
  }

  private static List<Reject> assertRefusedAndOnTime(TestPipeline pipeline, int refused) {
    pipeline.start();
    LedgerEntry entry = pipeline.awaitPublished().get(0);
    assertThat(entry.books().accepted()).isEqualTo(2);
    assertThat(entry.books().late()).isZero();
    assertThat(pipeline.rows("2024-03-10T05:00:00")).containsExactly("[a, 2, 3.0]");
    assertThat(pipeline.view().withoutBatch()).isEqualTo(refused);

    pipeline.write(0, new Event(AFTER.at().plusSeconds(60), "a", 64));
    pipeline.awaitPublished();
    assertThat(pipeline.rows("2024-03-10T05:00:00"))
        .as("the thread is alive")
        .containsExactly("[a, 3, 67.0]");
    List<Reject> rejects = pipeline.rejects();
    assertThat(rejects).hasSize(refused).allMatch(reject -> reject.batch().isEmpty());
    return rejects;
  }

  private static void send(TestPipeline pipeline, long time, Event event) {
    pipeline.send(new ProducerRecord<>(pipeline.source(), 0, time, null, pipeline.bytes(event)));
    pipeline.flush();
  }

  /** Kafka 4 refuses times that are more than an hour ahead, but a topic may permit them. */
  private static void permitAnyTime(Cluster cluster, String topic) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    List<AlterConfigOp> any =
        List.of(
            new AlterConfigOp(
                new ConfigEntry("message.timestamp.after.max.ms", String.valueOf(Long.MAX_VALUE)),
                AlterConfigOp.OpType.SET),
            new AlterConfigOp(new ConfigEntry("retention.ms", "-1"), AlterConfigOp.OpType.SET));
    cluster.admin().incrementalAlterConfigs(Map.of(resource, any)).all().get();
  }
}
