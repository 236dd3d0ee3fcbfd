package dev.tidemill.topology;

import static com.google.protobuf.ByteString.copyFromUtf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import dev.tidemill.batch.Books;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.schema.Reject;
import dev.tidemill.sql.CompiledPipeline;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Topics as others write them, from the definition to the rows of a batch. */
@ExtendWith(Cluster.Shared.class)
class SourceFormatsTest {
  private static final String SCHEMA =
      """
      {"type": "record", "name": "Event", "fields": [
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "k", "type": "string", "default": ""},
        {"name": "xs", "type": ["null", {"type": "array", "items": ["null", "int"]}]},
        {"name": "customer", "type": ["null", {"type": "record", "name": "Customer", "fields": [
          {"name": "name", "type": "string"},
          {"name": "land", "type": ["null", "string"]}]}]},
        {"name": "lines", "type": ["null", {"type": "array", "items":
          {"type": "record", "name": "Line", "fields": [
            {"name": "sku", "type": "string"}, {"name": "qty", "type": "int"}]}}]}]}
      """;

  /** Not long ago, as the broker deletes by the records' time. */
  private static final Instant HOUR =
      Instant.now().truncatedTo(ChronoUnit.HOURS).minusSeconds(3600);

  private static final String BATCH = HOUR.toString().replace("Z", "");
  private static final long TIME = HOUR.plusSeconds(600).toEpochMilli();

  @Test
  void json_is_read_with_and_without_a_schema_id(Cluster cluster) {
    try (TestPipeline pipeline = pipeline(cluster, "json", "schema: event.avsc", "at", "k")) {
      pipeline.send(record(pipeline, json("{'at': %d, 'k': 'bare'}")));
      pipeline.send(record(pipeline, withId(4711, json("{'at': %d, 'k': 'with id', 'x': {}}"))));
      pipeline.send(record(pipeline, json("{'at': %d, 'k': 7}")));
      pipeline.flush();
      pipeline.start();
      pipeline.awaitPublished();
      assertThat(pipeline.rows(BATCH)).containsExactly("[bare]", "[with id]");
      assertThat(pipeline.rejects()).extracting(Reject::offset).containsExactly(2L);
    }
  }

  @Test
  void protobuf_is_read_by_the_schema_in_the_registry(Cluster cluster) throws Exception {
    try (TestPipeline pipeline = pipeline(cluster, "protobuf", "schema: event.avsc", "at", "k")) {
      int id =
          register(
              cluster,
              pipeline.source(),
              "syntax = 'proto3'; message Event { int64 at = 1; string k = 2; bool more = 3; }");
      byte[] message =
          UnknownFieldSet.newBuilder()
              .addField(1, Field.newBuilder().addVarint(TIME).build())
              .addField(2, Field.newBuilder().addLengthDelimited(copyFromUtf8("sea")).build())
              .addField(3, Field.newBuilder().addVarint(1).build())
              .build()
              .toByteArray();
      byte[] first = ByteBuffer.allocate(1 + message.length).put((byte) 0).put(message).array();
      pipeline.send(record(pipeline, withId(id, first)));
      pipeline.send(record(pipeline, withId(id, new byte[] {0, 7})));
      pipeline.flush();
      pipeline.start();
      pipeline.awaitPublished();
      assertThat(pipeline.rows(BATCH)).containsExactly("[sea]");
      assertThat(pipeline.rejects()).extracting(Reject::offset).containsExactly(1L);
    }
  }

  @Test
  void a_text_is_a_column_and_its_event_time_that_of_the_record(Cluster cluster) {
    try (TestPipeline pipeline = pipeline(cluster, "string", "", "record-timestamp", "text")) {
      pipeline.send(record(pipeline, "GET /index.html 200".getBytes(UTF_8)));
      pipeline.send(record(pipeline, new byte[] {(byte) 0xff}));
      pipeline.flush();
      pipeline.start();
      pipeline.awaitPublished();
      assertThat(pipeline.rows(BATCH)).containsExactly("[GET /index.html 200]");
      assertThat(pipeline.rejects()).extracting(Reject::offset).containsExactly(1L);
    }
  }

  @Test
  void a_stream_takes_rows_out_of_envelopes_and_passes_over_deletions(Cluster cluster) {
    try (TestPipeline pipeline = pipeline(cluster, "debezium", "schema: event.avsc", "at", "k")) {
      String row = "{'at': " + TIME + ", 'k': '%s'}";
      pipeline.send(
          record(pipeline, json("{'op': 'c', 'after': " + row.formatted("created") + "}")));
      pipeline.send(
          record(pipeline, json("{'op': 'u', 'after': " + row.formatted("updated") + "}")));
      pipeline.send(record(pipeline, json("{'op': 'd', 'before': " + row.formatted("gone") + "}")));
      pipeline.send(record(pipeline, null));
      pipeline.send(record(pipeline, json("{'op': 'c', 'after': null}")));
      pipeline.flush();
      pipeline.start();
      List<LedgerEntry> ledger = pipeline.awaitPublished();
      assertThat(pipeline.rows(BATCH)).containsExactly("[created]", "[updated]");
      assertThat(ledger).allMatch(LedgerEntry::balances);
      assertThat(pipeline.view().withoutBatch()).as("a delete, a tombstone, a reject").isEqualTo(3);
      assertThat(pipeline.rejects()).extracting(Reject::offset).containsExactly(4L);
    }
  }

  @Test
  void a_record_whose_array_makes_many_rows_or_none_is_one_record_in_the_books(Cluster cluster) {
    String sql =
        "SELECT x.v, COUNT(*) AS n, SUM(10 / x.v) AS s FROM events AS e, UNNEST(e.xs) AS x (v)"
            + " WHERE x.v IS NOT NULL GROUP BY x.v";
    try (TestPipeline pipeline = compiled(cluster, "json", "schema: event.avsc", "at", sql)) {
      int many = 150_000;
      String sevens = String.join(",", Collections.nCopies(many, "7"));
      pipeline.send(record(pipeline, json("{'at': %d, 'xs': [1, 2, null, 1]}")));
      pipeline.send(record(pipeline, json("{'at': %d, 'xs': []}")));
      pipeline.send(record(pipeline, json("{'at': %d, 'xs': null}")));
      pipeline.send(record(pipeline, json("{'at': %d, 'xs': [1, 0]}")));
      pipeline.send(record(pipeline, json("{'at': %d, 'xs': ['1']}")));
      pipeline.send(record(pipeline, json("{'at': %d, 'xs': [" + sevens + "]}")));
      pipeline.flush();
      pipeline.start();
      List<LedgerEntry> ledger = pipeline.awaitPublished();
      assertThat(pipeline.rows(BATCH))
          .containsExactlyInAnyOrder("[1, 2, 20]", "[2, 1, 5]", "[7, " + many + ", " + many + "]");
      Books books = ledger.get(0).books();
      assertThat(List.of(books.read(), books.accepted(), books.filtered(), books.rejected()))
          .containsExactly(5L, 2L, 2L, 1L);
      assertThat(pipeline.rejects())
          .extracting(Reject::offset, Reject::reason)
          .containsExactlyInAnyOrder(
              tuple(3L, "10 / x.v: division by zero"),
              tuple(4L, "field 'xs': int is expected, found the string '1'"));
    }
  }

  @Test
  void lines_of_orders_are_summed_by_a_field_of_their_customer(Cluster cluster) {
    String sql =
        "SELECT e.customer.land, l.sku, SUM(l.qty) AS n FROM events AS e CROSS JOIN UNNEST(e.lines) AS l"
            + " (sku, qty) WHERE e.customer.name <> 'x' GROUP BY e.customer.land, l.sku";
    try (TestPipeline pipeline = compiled(cluster, "json", "schema: event.avsc", "at", sql)) {
      String order = "{'at': %d, 'customer': {'name': 'a', 'land': 'D'}, 'lines': [LINES]}";
      String line = "{'sku': 's', 'qty': 2}";
      pipeline.send(
          record(pipeline, json(order.replace("LINES", line + ", {'sku': 't', 'qty': 1}"))));
      pipeline.send(record(pipeline, json(order.replace("LINES", line))));
      pipeline.send(
          record(pipeline, json("{'at': %d, 'customer': {'name': 'a'}, 'lines': [" + line + "]}")));
      pipeline.send(
          record(pipeline, json("{'at': %d, 'customer': null, 'lines': [" + line + "]}")));
      pipeline.send(record(pipeline, json(order.replace("'a'", "7").replace("LINES", line))));
      pipeline.send(record(pipeline, json(order.replace("LINES", "{'sku': 's', 'qty': 'x'}"))));
      pipeline.flush();
      pipeline.start();
      List<LedgerEntry> ledger = pipeline.awaitPublished();
      assertThat(pipeline.rows(BATCH))
          .containsExactlyInAnyOrder("[D, s, 4]", "[D, t, 1]", "[null, s, 2]");
      Books books = ledger.get(0).books();
      assertThat(List.of(books.read(), books.accepted(), books.filtered(), books.rejected()))
          .containsExactly(4L, 3L, 1L, 0L);
      assertThat(pipeline.rejects())
          .extracting(Reject::offset, Reject::reason)
          .containsExactlyInAnyOrder(
              tuple(4L, "field 'customer.name': string is expected, found the number 7"),
              tuple(5L, "field 'lines.qty': int is expected, found the string 'x'"));
    }
  }

  /**
   * @param column the one that the SQL selects
   */
  private static TestPipeline pipeline(
      Cluster cluster, String format, String schema, String eventTime, String column) {
    return compiled(cluster, format, schema, eventTime, "SELECT " + column + " FROM events");
  }

  private static TestPipeline compiled(
      Cluster cluster, String format, String schema, String eventTime, String sql) {
    String name = cluster.newPipeline();
    CompiledPipeline compiled =
        new Yaml(cluster.folder(name))
            .file("event.avsc", SCHEMA)
            .compile(
                """
                pipeline: %s
                batch: {every: "@hourly", idle-after: 300ms}
                sources:
                  events:
                    topic: {name: %s, format: %s, trust-timestamps: true}
                    event-time: %s
                    %s
                sql: "%s"
                load:
                  - duckdb: {path: out.duckdb, table: texts}
                """
                    .formatted(name, Spec.topic(name), format, eventTime, schema, sql));
    TestPipeline pipeline = new TestPipeline(cluster, compiled);
    TestClients.createTopic(cluster.brokers(), pipeline.source(), 1);
    return pipeline;
  }

  private static int register(Cluster cluster, String topic, String proto) throws Exception {
    var body =
        new ObjectMapper().createObjectNode().put("schemaType", "PROTOBUF").put("schema", proto);
    var request =
        HttpRequest.newBuilder(
                cluster.registryUrl().resolve("/subjects/" + topic + "-value/versions"))
            .POST(BodyPublishers.ofString(body.toString()))
            .build();
    String answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    return new ObjectMapper().readTree(answer).get("id").intValue();
  }

  private static ProducerRecord<byte[], byte[]> record(TestPipeline pipeline, byte[] value) {
    return new ProducerRecord<>(pipeline.source(), 0, TIME, null, value);
  }

  private static byte[] json(String json) {
    return json.replace("%d", String.valueOf(TIME)).replace('\'', '"').getBytes(UTF_8);
  }

  private static byte[] withId(int id, byte[] value) {
    return ByteBuffer.allocate(5 + value.length).put((byte) 0).putInt(id).put(value).array();
  }
}
