package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.load.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A batch in quarantine, and a pipeline that has paused, while the process runs: what HTTP says,
 * and a release that is heard.
 */
final class QuarantineTest {
  private static final String FIRST = "2001-01-01T05:00:00Z";
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String ROWS = "SELECT origin, miles FROM departures ORDER BY origin";

  @TempDir private Path folder;

  @Test
  void it_is_told_of_but_never_as_final_and_a_release_publishes_it() {
    String postgres = PostgresServer.newSchema();
    ServerSettings cluster = SharedCluster.settings();
    Project project = Project.in(folder).withOwnName();
    try (FlightTopic topic = new FlightTopic(project.name() + "-flights", 1)) {
      project
          .from(topic.yaml())
          .idleAfter("1h")
          .require("few-rows", "rows < 2")
          .intoPostgres(postgres);
      try (AnsweringInstance instance =
          new AnsweringInstance(
              project.pipeline(),
              AnsweringInstance.settings(
                  cluster.brokers(), cluster.registry(), folder.resolve("state")))) {
        instance.start().watchLedger();
        topic.send(0, "2001/01/01 08:00", 0, 100, "BOS");
        topic.send(0, "2001/01/01 08:00", 0, 200, "JFK");
        topic.send(0, "2001/01/02 03:30", 0, 300, "JFK");
        topic.flush();
        String batch = instance.url() + "/api/pipelines/" + project.name() + "/batches/" + FIRST;
        Await.until("it is held", BOUND, () -> state(batch).equals("QUARANTINED"));
        Await.until("it is ready", BOUND, () -> AnsweringInstance.isReady(instance.url()));

        JsonNode breach = HttpReply.get(batch).json().get("quarantine").get("breaches").get(0);
        assertThat(breach.get("gate").asText()).isEqualTo("few-rows");
        assertThat(breach.get("reason").asText()).isEqualTo("rows = 2");
        JsonNode results = HttpReply.get(batch + "/results").json();
        assertThat(results.get("state").asText()).isEqualTo("QUARANTINED");
        assertThat(results.get("provisional").asBoolean()).isTrue();
        assertThat(results.has("attempt")).isFalse();
        assertThat(results.get("quarantine").get("breaches")).hasSize(1);
        assertThat(HttpReply.get(instance.url() + "/metrics").body())
            .contains("tidemill_batches_quarantined{pipeline=\"" + project.name() + "\"} 1.0");

        Tidemill.Outcome release =
            Tidemill.run(
                "batches",
                project.name(),
                "release",
                FIRST,
                "--config",
                project.server(cluster.brokers(), cluster.registry()));
        assertThat(release.exitCode()).as(release.err()).isZero();
        assertThat(release.out()).contains("batch " + FIRST + " attempt 1 is released; it is ");
        Await.until("it is loaded", BOUND, () -> state(batch).equals("LOADED"));
        assertThat(HttpReply.get(batch + "/results").json().get("provisional").asBoolean())
            .isFalse();
        assertThat(Table.query(postgres, ROWS))
            .isEqualTo(List.of(List.of("BOS", 100L), List.of("JFK", 200L)));
      }
    }
  }

  @Test
  void a_pipeline_that_has_paused_stays_alive_and_says_why() {
    ServerSettings cluster = SharedCluster.settings();
    Project project = Project.in(folder).withOwnName();
    try (FlightTopic topic = new FlightTopic(project.name() + "-flights", 1)) {
      project
          .from(topic.yaml())
          .expect("flies", "distance > 0")
          .maxRejects("2")
          .intoPostgres(PostgresServer.newSchema());
      try (AnsweringInstance instance =
          new AnsweringInstance(
              project.pipeline(),
              AnsweringInstance.settings(
                  cluster.brokers(), cluster.registry(), folder.resolve("state")))) {
        instance.start().watchLedger();
        for (int i = 0; i < 3; i++) {
          topic.send(0, "2001/01/01 08:00", 0, 0, "BOS");
        }
        topic.flush();
        String ready = instance.url() + "/health/ready";
        Await.until("it pauses", BOUND, () -> HttpReply.get(ready).body().contains("PAUSED"));

        assertThat(HttpReply.get(ready).status()).isEqualTo(503);
        assertThat(HttpReply.get(ready).json().get("reasons").get(0).asText())
            .startsWith("PAUSED before " + project.name() + "-flights-0@2: 3 records in a row");
        assertThat(HttpReply.get(instance.url() + "/health/live").status()).isEqualTo(200);
        assertThat(HttpReply.get(instance.url() + "/metrics").body())
            .contains("tidemill_paused{pipeline=\"" + project.name() + "\"} 1.0");
      }
    }
  }

  private static String state(String batch) {
    HttpReply reply = HttpReply.get(batch);
    return reply.status() == 200 ? reply.json().get("state").asText() : "";
  }
}
