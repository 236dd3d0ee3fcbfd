package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.definition.Unavailable;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.schema.Reject;
import dev.tidemill.schema.RowEncoder;
import dev.tidemill.schema.Schemas;
import java.time.Instant;
import org.apache.avro.Schema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A writer whose schema can not be read, and one that only adds a field. */
@ExtendWith(Cluster.Shared.class)
class IncompatibleSchemaTest {
  private static final Schema WIDER =
      Schemas.parse(
          Event.SCHEMA.toString().replace("]}", ",{\"name\":\"new\",\"type\":\"string\"}]}"),
          "test");
  private static final Schema OTHER =
      Schemas.parse(
          Event.SCHEMA.toString().replace("\"k\",\"type\":\"string\"", "\"k\",\"type\":\"int\""),
          "test");
  private static final long TIME = Instant.parse("2024-03-10T05:10:00Z").toEpochMilli();

  @Test
  void a_new_field_stops_nothing_and_an_incompatible_schema_rejects_its_records(Cluster cluster) {
    String name = cluster.newPipeline();
    try (TestPipeline pipeline = pipeline(cluster, name, "reject")) {
      write(cluster, pipeline);
      pipeline.start();
      pipeline.awaitPublished();
      assertThat(pipeline.rows("2024-03-10T05:00:00")).containsExactly("[a]", "[b]", "[d]");
      assertThat(pipeline.rejects())
          .singleElement()
          .satisfies(
              reject -> {
                assertThat(reject.place()).isEqualTo(pipeline.source() + "-0@2");
                assertThat(reject.step()).isEqualTo("decode");
                assertThat(reject.reason())
                    .contains("field 'k': string is expected, int is written");
              });
    }
  }

  @Test
  void stop_stops_before_the_record_and_the_next_start_goes_on_there(Cluster cluster) {
    String name = cluster.newPipeline();
    try (TestPipeline pipeline = pipeline(cluster, name, "stop")) {
      write(cluster, pipeline);
      Instance instance = pipeline.start();
      assertThat(instance.failure())
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining(pipeline.source() + "-0@2: ")
          .hasMessageContaining("field 'k': string is expected, int is written")
          .hasMessageContaining("on-incompatible: reject");
      instance.close();
      assertThat(pipeline.rejects()).isEmpty();
    }
    try (TestPipeline corrected = new TestPipeline(cluster, compiled(cluster, name, "reject"))) {
      corrected.alsoWritten(4);
      corrected.start();
      corrected.awaitPublished();
      assertThat(corrected.rows("2024-03-10T05:00:00")).containsExactly("[a]", "[b]", "[d]");
      assertThat(corrected.rejects()).extracting(Reject::offset).containsExactly(2L);
    }
  }

  private static TestPipeline pipeline(Cluster cluster, String name, String policy) {
    TestPipeline pipeline = new TestPipeline(cluster, compiled(cluster, name, policy));
    TestClients.createTopic(cluster.brokers(), pipeline.source(), 1);
    return pipeline;
  }

  private static dev.tidemill.sql.CompiledPipeline compiled(
      Cluster cluster, String name, String policy) {
    return new Yaml(cluster.folder(name))
        .file("event.avsc", Event.SCHEMA.toString())
        .compile(
            """
            pipeline: %s
            batch: {every: "@hourly", idle-after: 300ms}
            sources:
              events:
                topic: {name: %s, format: avro, trust-timestamps: true, on-incompatible: %s}
                schema: event.avsc
                event-time: at
            sql: SELECT k FROM events
            load:
              - duckdb: {path: out.duckdb, table: texts}
            """
                .formatted(name, Spec.topic(name), policy));
  }

  private static void write(Cluster cluster, TestPipeline pipeline) {
    send(cluster, pipeline, Event.SCHEMA, TIME, "a", 1.0);
    send(cluster, pipeline, WIDER, TIME, "b", 1.0, "new");
    send(cluster, pipeline, OTHER, TIME, 3, 1.0);
    send(cluster, pipeline, Event.SCHEMA, TIME, "d", 1.0);
    pipeline.flush();
  }

  private static void send(Cluster cluster, TestPipeline pipeline, Schema schema, Object... row) {
    String subject = "writers-of-" + pipeline.name() + "-" + schema.hashCode();
    byte[] value = RowEncoder.register(cluster.registry(), subject, schema).encode(row);
    pipeline.send(new ProducerRecord<>(pipeline.source(), 0, null, value));
  }
}
