package dev.tidemill.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.load.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
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

/** Somebody else's topic, read by a run that only ends when it is told to. */
final class TopicSourceTest {
  private static final String FLIGHT =
      "{\"date\": \"%s\", \"delay\": 10, \"distance\": 100, \"origin\": \"JFK\","
          + " \"destination\": \"BOS\"}";
  private static final Duration A_FEW_SECONDS = Duration.ofSeconds(15);

  @TempDir private Path folder;
  private final String postgres = PostgresServer.newSchema();

  @Test
  void quiet_days_are_loaded_sigterm_ends_the_run_and_the_next_run_goes_on() throws Exception {
    Project project = project("flights-of-somebody", ", max-jump: 2d");
    create("flights-of-somebody", 2);
    send(0, FLIGHT.formatted("2001/01/01 08:00"));
    send(1, FLIGHT.formatted("2001/01/01 09:00"));
    send(1, "no JSON");
    try (ForkedTidemill first = start(project)) {
      first.await("the first day is loaded", () -> loaded().equals(List.of(List.of(2L))));
      assertEndsCleanly(first);
    }
    send(0, FLIGHT.formatted("2001/01/02 08:00"));
    send(1, FLIGHT.formatted("2001/01/02 09:00"));
    send(1, FLIGHT.formatted("2001/01/02 10:00"));
    try (ForkedTidemill second = start(project)) {
      second.await(
          "the second day is loaded", () -> loaded().equals(List.of(List.of(2L), List.of(3L))));
      assertEndsCleanly(second);
    }
    assertThat(Rejects.of(project.name()))
        .singleElement()
        .satisfies(
            reject -> {
              assertThat(reject.step()).isEqualTo("decode");
              assertThat(Rejects.payload(reject)).isEqualTo("no JSON");
            });
  }

  @Test
  void a_topic_that_is_not_there_is_named_with_its_source() {
    Project project = project("flights-of-nobody", "");
    FewFlights.assertUnavailable(
        Tidemill.run("run", project.pipeline(), "--config", SharedCluster.server(project)),
        "source 'flights': there is no topic flights-of-nobody",
        "'topic'");
  }

  @Test
  void a_topic_whose_producers_may_write_any_time_is_refused_with_what_to_write() throws Exception {
    create("flights-of-anybody", 1);
    Project project = project("flights-of-anybody", "");
    FewFlights.assertUnavailable(
        Tidemill.run("run", project.pipeline(), "--config", SharedCluster.server(project)),
        "source 'flights', topic flights-of-anybody",
        "max-jump: 1d");
  }

  private static void create(String topic, int partitions) throws Exception {
    try (Admin admin = Admin.create(clients())) {
      admin
          .createTopics(
              List.of(new NewTopic(topic, Optional.of(partitions), Optional.of((short) 1))))
          .all()
          .get();
    }
  }

  private static void assertEndsCleanly(ForkedTidemill running) {
    long told = System.nanoTime();
    running.terminate();
    Tidemill.Outcome outcome = running.awaitEnd();
    assertThat(Duration.ofNanos(System.nanoTime() - told)).isLessThan(A_FEW_SECONDS);
    assertThat(outcome.exitCode()).as("128 + SIGTERM").isEqualTo(143);
    assertThat(outcome.out()).contains("Ledger of ", "balanced");
    assertThat(outcome.err())
        .contains("Stopped as told. The next run on the same data goes on from here.")
        .doesNotContain("\tat ", "bug");
  }

  /**
   * @param more further keys of {@code topic:}, each after a comma
   */
  private Project project(String topic, String more) {
    return Project.in(folder)
        .withOwnName()
        .from("topic: {name: " + topic + ", format: json" + more + "}")
        .idleAfter("1s")
        .intoPostgres(postgres);
  }

  private ForkedTidemill start(Project project) {
    return ForkedTidemill.start(
        List.of("-Djava.io.tmpdir=" + Tidemill.folder()),
        "run",
        project.pipeline(),
        "--config",
        SharedCluster.server(project));
  }

  private List<List<Object>> loaded() {
    String exists = "SELECT to_regclass('departures') IS NOT NULL";
    return Table.query(postgres, exists).get(0).get(0).equals(true)
        ? Table.query(postgres, "SELECT departures FROM departures ORDER BY batch_start")
        : List.of();
  }

  private static void send(int partition, String json) throws Exception {
    try (var producer =
        new KafkaProducer<>(clients(), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer
          .send(new ProducerRecord<>("flights-of-somebody", partition, null, json.getBytes(UTF_8)))
          .get();
    }
  }

  private static Map<String, Object> clients() {
    return Map.of("bootstrap.servers", SharedCluster.settings().brokers());
  }
}
