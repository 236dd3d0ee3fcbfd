package dev.tidemill.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.load.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

/** {@code early} from the file to PostgreSQL, with a process that is killed in between. */
final class EarlyResultsTest {
  private static final String FLIGHTS = "flights-seen-early";
  private static final String DAY = "2001-01-01T05:00:00Z";
  private static final String NEXT_DAY = "2001-01-02T05:00:00Z";

  @TempDir private Path folder;
  private final String postgres = PostgresServer.newSchema();

  @Test
  void the_day_is_seen_before_it_is_over_and_the_day_itself_takes_its_place() throws Exception {
    Project project =
        Project.in(folder)
            .withOwnName()
            .every("\"@daily\"\n  early: 1s")
            .from("topic: {name: " + FLIGHTS + ", format: json, trust-timestamps: true}")
            .idleAfter("1h")
            .intoPostgres(postgres);
    try (Admin admin = Admin.create(clients())) {
      admin
          .createTopics(List.of(new NewTopic(FLIGHTS, Optional.of(2), Optional.empty())))
          .all()
          .get();
    }
    send(0, "2001/01/01 08:00", "JFK");
    send(1, "2001/01/01 09:00", "JFK");
    try (ForkedTidemill first = start(project)) {
      first.await(
          "two flights are seen early", () -> table().equals(List.of(row(DAY, "JFK", 2, 0))));
      send(1, "2001/01/01 10:00", "JFK");
      first.await("three are", () -> table().equals(List.of(row(DAY, "JFK", 3, 0))));
      assertThat(inTheBooks()).containsExactly(List.of(0L, 1L));
      first.kill();
      first.awaitEnd();
    }
    assertThat(json(project))
        .singleElement()
        .asString()
        .contains("\"state\":\"OPEN\"", "\"early\":{\"records\":3,\"rows\":1,\"at\":\"20");
    assertThat(table()).as("nobody is there").containsExactly(row(DAY, "JFK", 3, 0));

    send(0, "2001/01/01 11:00", "BOS");
    send(0, "2001/01/02 08:00", "JFK");
    send(1, "2001/01/02 08:00", "JFK");
    try (ForkedTidemill second = start(project)) {
      second.await(
          "the first day is final, and the second is seen early",
          () ->
              table()
                  .equals(
                      List.of(
                          row(DAY, "BOS", 1, 1),
                          row(DAY, "JFK", 3, 1),
                          row(NEXT_DAY, "JFK", 2, 0))));
      assertThat(inTheBooks()).containsExactly(List.of(1L, 2L), List.of(0L, 1L));
      second.await(
          "the ledger has heard of it",
          () -> json(project).get(0).contains("\"state\":\"LOADED\""));
      second.terminate();
      assertThat(second.awaitEnd().out()).contains("early rows").contains("LOADED", "balanced");
    }
    assertThat(json(project))
        .satisfiesExactly(
            day -> assertThat(day).contains("\"state\":\"LOADED\"").doesNotContain("\"early\""),
            next -> assertThat(next).contains("\"early\":{\"records\":2,\"rows\":1"));
  }

  private List<List<Object>> table() {
    String exists = "SELECT to_regclass('departures') IS NOT NULL";
    return Table.query(postgres, exists).get(0).get(0).equals(true)
        ? Table.query(
            postgres,
            "SELECT to_char(batch_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'),"
                + " origin, departures, attempt FROM departures ORDER BY 1, 2")
        : List.of();
  }

  private static List<Object> row(String batch, String origin, long departures, long attempt) {
    return List.of(batch, origin, departures, attempt);
  }

  private List<List<Object>> inTheBooks() {
    return Table.query(
        postgres, "SELECT attempt, \"rows\" FROM _tidemill_batches ORDER BY batch_start");
  }

  private static List<String> json(Project project) {
    Tidemill.Outcome outcome =
        Tidemill.run(
            "batches", project.name(), "--config", SharedCluster.server(project), "--json");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return outcome.out().lines().toList();
  }

  /** Soon missed when it is killed. */
  private static ForkedTidemill start(Project project) throws IOException {
    Path server = SharedCluster.server(project);
    Files.writeString(server, "session-timeout: 6s\n", StandardOpenOption.APPEND);
    return ForkedTidemill.start(
        List.of("-Djava.io.tmpdir=" + Tidemill.folder()),
        "run",
        project.pipeline(),
        "--config",
        server);
  }

  private static void send(int partition, String date, String origin) throws Exception {
    String flight =
        "{\"date\": \"%s\", \"delay\": 10, \"distance\": 100, \"origin\": \"%s\", \"destination\": \"ATL\"}"
            .formatted(date, origin);
    try (var producer =
        new KafkaProducer<>(clients(), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(FLIGHTS, partition, null, flight.getBytes(UTF_8))).get();
    }
  }

  private static Map<String, Object> clients() {
    return Map.of("bootstrap.servers", SharedCluster.settings().brokers());
  }
}
