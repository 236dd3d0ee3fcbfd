package dev.tidemill.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.batch.JoinCount;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.sql.CompiledPipeline;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A table of which each instance has the partitions that its part of the stream asks for. */
@ExtendWith(Cluster.Shared.class)
class PartitionedTableTest {
  private static final int PARTITIONS = 4;
  private static final int NAMES = 100;

  @Test
  void instances_share_the_table_and_every_record_finds_its_row(Cluster cluster) {
    try (TestPipeline pipeline = pipeline(cluster, PARTITIONS)) {
      IntStream.range(0, NAMES).forEach(i -> name(pipeline, "k" + i, "name " + i));
      name(pipeline, "gone", "for a while");
      name(pipeline, "gone", null);
      events(pipeline, "2024-03-10T05:10:00Z", NAMES);
      event(pipeline, "gone", "2024-03-10T05:11:00Z");

      Instance a = pipeline.start("a");
      Instance b = pipeline.start("b");
      published(pipeline);
      assertThat(pipeline.rows("2024-03-10T05:00:00")).containsExactlyElementsOf(found(NAMES));
      Await.until("both have a part", () -> a.tableRows("names") > 0 && b.tableRows("names") > 0);
      Await.until("and no more", () -> a.tableRows("names") + b.tableRows("names") == NAMES);

      a.close();
      name(pipeline, "k" + NAMES, "name " + NAMES);
      Await.until("the other one has all", () -> b.tableRows("names") == NAMES + 1);
      events(pipeline, "2024-03-10T06:10:00Z", NAMES + 1);
      published(pipeline);
      assertThat(pipeline.rows("2024-03-10T06:00:00")).containsExactlyElementsOf(found(NAMES + 1));
      b.close();

      name(pipeline, "k" + (NAMES + 1), "name " + (NAMES + 1));
      events(pipeline, "2024-03-10T07:10:00Z", NAMES + 2);
      pipeline.start("with-an-empty-disk");
      List<LedgerEntry> ledger = published(pipeline);
      assertThat(pipeline.rows("2024-03-10T07:00:00")).containsExactlyElementsOf(found(NAMES + 2));
      assertThat(ledger)
          .extracting(entry -> entry.joins().get("names"))
          .containsExactly(
              new JoinCount(NAMES, 1), new JoinCount(NAMES + 1, 0), new JoinCount(NAMES + 2, 0));
    }
  }

  @Test
  void other_partitions_than_those_of_the_stream_are_refused_at_the_start(Cluster cluster) {
    try (TestPipeline pipeline = pipeline(cluster, PARTITIONS - 1)) {
      assertThatThrownBy(pipeline::start)
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining(
              "has 4 partitions, but topic %s of a table that is not replicated has 3",
              names(pipeline))
          .hasMessageContaining("or remove 'replicate: false'");
    }
  }

  private static TestPipeline pipeline(Cluster cluster, int partitionsOfTable) {
    String name = cluster.newPipeline();
    CompiledPipeline compiled =
        new Yaml(cluster.folder(name))
            .file(
                "event.avsc",
                """
                {"type": "record", "name": "Event", "fields": [
                  {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                  {"name": "k", "type": "string"}]}
                """)
            .file(
                "name.avsc",
                """
                {"type": "record", "name": "Name", "fields": [
                  {"name": "id", "type": "string"}, {"name": "name", "type": "string"}]}
                """)
            .compile(
                """
                pipeline: %s
                batch: {every: "@hourly", idle-after: 300ms}
                sources:
                  events:
                    topic: {name: %s, format: json, trust-timestamps: true}
                    schema: event.avsc
                    key: k
                    event-time: at
                  names:
                    topic: {name: %s-names, format: json}
                    schema: name.avsc
                    table: {key: id, replicate: false}
                sql: SELECT n.name, COUNT(*) AS c FROM events e JOIN names n ON e.k = n.id GROUP BY n.name
                load:
                  - duckdb: {path: out.duckdb, table: names}
                """
                    .formatted(name, Spec.topic(name), name));
    PipelineDefinition all = compiled.definition();
    TestPipeline pipeline =
        new TestPipeline(
            cluster,
            new CompiledPipeline(
                new PipelineDefinition(
                    all.file(),
                    all.name(),
                    all.description(),
                    all.batch(),
                    all.sources(),
                    all.tables(),
                    all.sql(),
                    all.require(),
                    List.of()),
                compiled.query()));
    TestClients.createTopic(cluster.brokers(), pipeline.source(), PARTITIONS);
    TestClients.createTopic(cluster.brokers(), names(pipeline), partitionsOfTable);
    return pipeline;
  }

  private static String names(TestPipeline pipeline) {
    return pipeline.name() + "-names";
  }

  private static List<LedgerEntry> published(TestPipeline pipeline) {
    pipeline.flush();
    return pipeline.awaitPublished();
  }

  private static List<String> found(int count) {
    return IntStream.range(0, count).mapToObj(i -> "[name " + i + ", 1]").sorted().toList();
  }

  private static void events(TestPipeline pipeline, String at, int count) {
    IntStream.range(0, count).forEach(i -> event(pipeline, "k" + i, at));
  }

  private static void event(TestPipeline pipeline, String key, String at) {
    String json = "{\"at\": %d, \"k\": \"%s\"}".formatted(Instant.parse(at).toEpochMilli(), key);
    send(pipeline, pipeline.source(), System.currentTimeMillis(), key, json);
  }

  /**
   * The table's records are none that a batch accounts for. They seem to come later than all
   * others, so that Streams would take them last.
   */
  private static void name(TestPipeline pipeline, String key, String name) {
    String json = "{\"id\": \"%s\", \"name\": \"%s\"}".formatted(key, name);
    long late = System.currentTimeMillis() + 600_000;
    send(pipeline, names(pipeline), late, key, name == null ? null : json);
    pipeline.alsoWritten(-1);
    pipeline.flush();
  }

  private static void send(
      TestPipeline pipeline, String topic, long timestamp, String key, String value) {
    byte[] bytes = key.getBytes(UTF_8);
    int partition = Utils.toPositive(Utils.murmur2(bytes)) % PARTITIONS;
    pipeline.send(
        new ProducerRecord<>(
            topic, partition, timestamp, bytes, value == null ? null : value.getBytes(UTF_8)));
  }
}
