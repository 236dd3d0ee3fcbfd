package dev.tidemill.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table in somebody else's topic. */
final class TableTopicTest {
  private static final String TOPIC = "airports-of-somebody";
  private static final String VERSIONS = "airports-of-somebody-as-they-were";
  private static final Map<String, Object> CLIENTS =
      Map.of("bootstrap.servers", SharedCluster.settings().brokers());

  @TempDir private Path folder;

  @Test
  void the_last_record_of_each_key_counts_and_one_without_a_value_deletes() throws Exception {
    create(TOPIC);
    try (var producer =
        new KafkaProducer<>(CLIENTS, new ByteArraySerializer(), new ByteArraySerializer())) {
      send(producer, null, airport("ORD", "Nowhere"));
      send(producer, null, airport("ORD", "Chicago"));
      send(producer, "JFK", airport("JFK", "Idlewild"));
      send(producer, "JFK", airport("JFK", "New York"));
      send(producer, "BOS", airport("BOS", "Boston"));
      send(producer, "BOS", null);
      send(producer, null, "no JSON");
    }
    Files.createDirectories(folder.resolve("schemas"));
    Files.writeString(
        folder.resolve("schemas/airport.avsc"),
        """
        {"type": "record", "name": "Airport", "fields": [
          {"name": "iata", "type": "string"}, {"name": "city", "type": "string"}]}
        """);
    Project project =
        Project.in(folder)
            .withOwnName()
            .withSource(
                """
                airports:
                  topic: {name: %s, format: json}
                  schema: schemas/airport.avsc
                  table: {key: iata}
                """
                    .formatted(TOPIC))
            .data(
                "a.csv",
                Project.HEADER
                    + "2001/01/01 10:00,1,100,ORD,JFK\n"
                    + "2001/01/01 10:01,1,100,JFK,JFK\n"
                    + "2001/01/01 10:02,1,100,BOS,JFK\n")
            .sql("SELECT f.origin, a.city FROM flights f LEFT JOIN airports a ON f.origin = a.iata")
            .intoDuckDb();
    Tidemill.Outcome outcome =
        Tidemill.run(
            "run",
            project.pipeline(),
            "--config",
            SharedCluster.server(project),
            "--until-complete");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(
            Table.query(
                project.warehouseUrl(), "SELECT origin, city FROM departures ORDER BY origin"))
        .isEqualTo(
            List.of(
                Arrays.asList("BOS", null), List.of("JFK", "New York"), List.of("ORD", "Chicago")));
    assertThat(outcome.err()).contains("Table 'airports'", TOPIC + "-0@6");
  }

  @Test
  void who_went_on_before_it_knew_their_time_is_in_the_books_and_a_gate_can_hold_the_batch()
      throws Exception {
    create(VERSIONS);
    try (var producer =
        new KafkaProducer<>(CLIENTS, new ByteArraySerializer(), new ByteArraySerializer())) {
      String value = "{\"iata\": \"%s\", \"city\": \"Chicago\", \"since\": %d}";
      for (String airport : List.of("ORD 2001-01-01T05:00:00Z", "MDW 2001-01-01T18:00:00Z")) {
        long since = Instant.parse(airport.substring(4)).toEpochMilli();
        String row = value.formatted(airport.substring(0, 3), since);
        producer.send(new ProducerRecord<>(VERSIONS, row.getBytes(UTF_8))).get();
      }
    }
    Files.createDirectories(folder.resolve("schemas"));
    Files.writeString(
        folder.resolve("schemas/airport.avsc"),
        """
        {"type": "record", "name": "Airport", "fields": [
          {"name": "iata", "type": "string"}, {"name": "city", "type": "string"},
          {"name": "since", "type": {"type": "long", "logicalType": "timestamp-millis"}}]}
        """);
    Project project =
        Project.in(folder)
            .withOwnName()
            .withSource(
                """
                airports:
                  topic: {name: %s, format: json}
                  schema: schemas/airport.avsc
                  event-time: since
                  table: {key: iata, wait: 100ms}
                """
                    .formatted(VERSIONS))
            .data(
                "a.csv",
                Project.HEADER
                    + "2001/01/01 01:00,1,100,ORD,JFK\n"
                    + "2001/01/01 20:01,1,100,ORD,JFK\n"
                    + "2001/01/01 20:02,1,100,BOS,JFK\n")
            .sql(
                "SELECT f.origin, a.city FROM flights f"
                    + " LEFT JOIN airports FOR SYSTEM_TIME AS OF f.event_time a ON f.origin = a.iata")
            .require("all-is-known", "waited_out_airports = 0")
            .intoDuckDb();
    Path server = SharedCluster.server(project);
    Tidemill.Outcome outcome =
        Tidemill.run("run", project.pipeline(), "--config", server, "--until-complete");
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(1);
    assertThat(outcome.out())
        .contains(
            "2001-01-01T05:00:00Z: 2 of 3 waited for airports as long as 'wait' says, and went on"
                + " before it knew their time")
        .contains("did not pass all-is-known: waited_out_airports = 0 (waited_out_airports = 2)");
    assertThat(Tidemill.run("batches", project.name(), "--json", "--config", server).out())
        .contains("\"joins\":{\"airports\":{\"hits\":2,\"misses\":1,\"waitedOut\":2}}");
  }

  private static void create(String topic) throws Exception {
    try (Admin admin = Admin.create(CLIENTS)) {
      admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.of((short) 1))))
          .all()
          .get();
    }
  }

  private static String airport(String iata, String city) {
    return "{\"iata\": \"%s\", \"city\": \"%s\"}".formatted(iata, city);
  }

  private static void send(KafkaProducer<byte[], byte[]> producer, String key, String value) {
    producer.send(
        new ProducerRecord<>(
            TOPIC,
            0,
            key == null ? null : key.getBytes(UTF_8),
            value == null ? null : value.getBytes(UTF_8)));
  }
}
