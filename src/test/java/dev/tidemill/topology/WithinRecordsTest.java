package dev.tidemill.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.Books;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.schema.RowEncoder;
import dev.tidemill.schema.Schemas;
import dev.tidemill.sql.CompiledPipeline;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Event time and what records are compared by are within a record of the record. */
@ExtendWith(Cluster.Shared.class)
class WithinRecordsTest {
  private static final String SCHEMA =
      """
      {"type": "record", "name": "Order", "fields": [
        {"name": "amount", "type": "double"},
        {"name": "customer", "type": ["null", {"type": "record", "name": "Customer", "fields": [
          {"name": "name", "type": "string"},
          {"name": "first", "type": {"type": "record", "name": "First", "fields": [
            {"name": "seen", "type": {"type": "long", "logicalType": "timestamp-millis"}}]}},
          {"name": "id", "type": ["null", "int"]}]}]}]}
      """;

  @ParameterizedTest
  @ValueSource(strings = {"json", "avro"})
  void records_are_dated_and_compared_by_fields_within_records(String format, Cluster cluster) {
    String name = cluster.newPipeline();
    CompiledPipeline compiled =
        new Yaml(cluster.folder(name))
            .file("order.avsc", SCHEMA)
            .compile(
                """
                pipeline: %s
                batch: {every: "@hourly", idle-after: 300ms}
                sources:
                  orders:
                    topic: {name: %s, format: %s, trust-timestamps: true}
                    schema: order.avsc
                    key: customer.id
                    event-time: customer.first.seen
                    dedupe: {by: [customer.id, amount]}
                sql: |
                  SELECT o.customer.id AS id, COUNT(*) AS n, MAX(o.event_time) AS latest
                  FROM orders o GROUP BY o.customer.id
                load: [{duckdb: {path: out.duckdb, table: orders}}]
                """
                    .formatted(name, topic(name), format));
    try (TestPipeline pipeline = new TestPipeline(cluster, compiled)) {
      TestClients.createTopic(cluster.brokers(), topic(name), 1);
      Encoding encoding = format.equals("json") ? WithinRecordsTest::json : avro(cluster, name);
      send(pipeline, encoding.of(1, "2024-03-10T05:10:00Z", 7));
      send(pipeline, encoding.of(1, "2024-03-10T05:20:00Z", 7));
      send(pipeline, encoding.of(2, "2024-03-10T05:30:00Z", 7));
      send(pipeline, encoding.of(1, "2024-03-10T05:40:00Z", null));
      send(pipeline, encoding.of(1, "2024-03-10T05:50:00Z", null));
      send(pipeline, encoding.of(1, "2024-03-10T06:10:00Z", 7));
      send(pipeline, encoding.of(1, null, null));
      pipeline.flush();
      pipeline.start();
      List<LedgerEntry> ledger = pipeline.awaitPublished();

      assertThat(ledger)
          .extracting(LedgerEntry::books)
          .startsWith(new Books(5, 3, 0, 0, 2, 0, 0), new Books(1, 1, 0, 0, 0, 0, 0));
      assertThat(pipeline.rows("2024-03-10T05:00:00"))
          .containsExactly(
              "[7, 2, %d]".formatted(Instant.parse("2024-03-10T05:30:00Z").toEpochMilli()),
              "[null, 1, %d]".formatted(Instant.parse("2024-03-10T05:40:00Z").toEpochMilli()));
      assertThat(pipeline.rejects())
          .extracting(reject -> reject.step() + ": " + reject.reason())
          .containsExactly("event-time: event time 'customer.first.seen' is null");
    }
  }

  /** Not that of other tests, which has their schema. */
  private static String topic(String pipeline) {
    return pipeline + "-orders";
  }

  private interface Encoding {
    /**
     * @param seen null: there is no customer
     */
    byte[] of(double amount, String seen, Integer id);
  }

  private static byte[] json(double amount, String seen, Integer id) {
    String customer =
        seen == null
            ? "null"
            : "{\"id\": %s, \"name\": \"x\", \"first\": {\"seen\": \"%s\"}}".formatted(id, seen);
    return "{\"amount\": %s, \"customer\": %s}".formatted(amount, customer).getBytes(UTF_8);
  }

  private static Encoding avro(Cluster cluster, String pipeline) {
    RowEncoder encoder =
        RowEncoder.register(
            cluster.registry(),
            Schemas.valueSubject(topic(pipeline)),
            Schemas.parse(SCHEMA, "test"));
    return (amount, seen, id) -> {
      Object customer =
          seen == null ? null : Arrays.asList("x", List.of(Instant.parse(seen).toEpochMilli()), id);
      return encoder.encode(new Object[] {amount, customer});
    };
  }

  private static void send(TestPipeline pipeline, byte[] value) {
    pipeline.send(new ProducerRecord<>(topic(pipeline.name()), 0, null, null, value));
  }
}
