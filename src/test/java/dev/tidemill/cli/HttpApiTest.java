package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.load.PostgresServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process answers: the first day is loaded, the second one is open. */
final class HttpApiTest {
  private static final String FIRST = "2001-01-01T05:00:00Z";
  private static final String SECOND = "2001-01-02T05:00:00Z";
  private static final int ORIGINS = 25;
  private static final Duration BOUND = Duration.ofSeconds(60);

  @TempDir static Path folder;

  private static String postgres;
  private static Project project;
  private static FlightTopic topic;
  private static AnsweringInstance instance;
  private static final List<HttpReply> readiness = new ArrayList<>();

  @BeforeAll
  static void one_day_is_loaded_and_one_is_open() {
    postgres = PostgresServer.newSchema();
    project = Project.in(folder).withOwnName();
    topic = new FlightTopic(project.name() + "-flights", 3);
    project
        .from(topic.yaml())
        .every("\"@daily\"\n  early: 1s")
        .idleAfter("1h")
        .intoPostgres(postgres);
    ServerSettings cluster = SharedCluster.settings();
    instance =
        new AnsweringInstance(
            project.pipeline(),
            AnsweringInstance.settings(
                cluster.brokers(), cluster.registry(), folder.resolve("state")));
    readiness.add(ask("/health/ready"));
    instance.start();
    readiness.add(ask("/health/ready"));
    instance.watchLedger();
    for (int i = 0; i < 3 * ORIGINS; i++) {
      topic.send(i % 3, "2001/01/01 08:00", i, 100 + i, "A%02d".formatted(i % ORIGINS));
    }
    for (int partition = 0; partition < 3; partition++) {
      topic.send(partition, "2001/01/02 01:30", 7, 700, "JFK");
    }
    topic.flush();
    Await.until("the first day is loaded", BOUND, () -> state(FIRST).equals("LOADED"));
    Await.until("the second day is read", BOUND, () -> number(SECOND, "read") == 3);
    Await.until("it is ready", BOUND, () -> AnsweringInstance.isReady(instance.url()));
  }

  @AfterAll
  static void stop() {
    instance.close();
    topic.close();
  }

  @Test
  void it_is_not_ready_before_it_starts_nor_before_its_shares_and_the_ledger_are_there() {
    assertThat(readiness).extracting(HttpReply::status).containsExactly(503, 503);
    assertThat(readiness.get(0).json().get("reasons"))
        .extracting(JsonNode::asText)
        .contains("the pipeline is starting");
    assertThat(readiness.get(1).json().get("reasons"))
        .extracting(JsonNode::asText)
        .contains("shares are moving or being restored", "the ledger is being read");
    assertThat(readiness.get(1).headers().firstValue("Retry-After")).isPresent();
    assertThat(ask("/health/ready").json().get("status").asText()).isEqualTo("ready");
    assertThat(ask("/health/live").status()).isEqualTo(200);
  }

  @Test
  void the_images_health_check_finds_it_alive_on_its_port_and_nobody_on_another() throws Exception {
    String port = String.valueOf(URI.create(instance.url()).getPort());
    assertThat(ImageHealthCheck.exitCode(port)).isZero();
    assertThat(ImageHealthCheck.exitCode("1")).isEqualTo(1);
    assertThat(ImageHealthCheck.exitCode("")).as("no HTTP").isZero();
  }

  @Test
  void the_pipeline_tells_its_columns_and_its_key() {
    JsonNode pipeline = ask("/api/pipelines").json().get("pipelines").get(0);
    assertThat(pipeline.get("pipeline").asText()).isEqualTo(project.name());
    assertThat(pipeline.get("key")).extracting(JsonNode::asText).containsExactly("origin");
    assertThat(pipeline.get("columns"))
        .extracting(JsonNode::asText)
        .containsExactly("origin", "departures", "avg_delay", "worst_delay", "miles");
  }

  @Test
  void batches_come_newest_last_page_by_page_and_by_state() {
    JsonNode first = ask(batches() + "?limit=1").json();
    assertThat(first.get("batches"))
        .extracting(b -> b.get("batch").asText())
        .containsExactly(FIRST);
    JsonNode second = ask(batches() + "?limit=1&page=" + first.get("next").asText()).json();
    assertThat(second.get("batches"))
        .extracting(b -> b.get("batch").asText())
        .containsExactly(SECOND);
    assertThat(second.has("next")).isFalse();
    assertThat(ask(batches() + "?state=loaded").json().get("batches")).hasSize(1);
    assertThat(ask(batches() + "?from=" + SECOND).json().get("batches")).hasSize(1);
    assertThat(ask(batches() + "?to=" + SECOND).json().get("batches")).hasSize(1);
  }

  @Test
  void a_batch_that_is_open_tells_of_its_early_result() {
    Await.until(
        "the second day has one of all its records",
        BOUND,
        () -> ask(batches() + "/" + SECOND).json().path("early").path("records").asLong() == 3);
    JsonNode second = ask(batches() + "/" + SECOND).json();
    assertThat(second.get("state").asText()).isEqualTo("OPEN");
    assertThat(second.get("rows").asLong()).as("of the batch itself").isZero();
    assertThat(second.get("early").get("rows").asLong()).isEqualTo(1);
    assertThat(ask(batches() + "/" + FIRST).json().has("early")).isFalse();
    assertThat(ask(results(SECOND)).json().get("provisional").asBoolean()).isTrue();
    Await.until(
        "the metric counts it",
        BOUND,
        () ->
            ask("/metrics")
                .body()
                .contains("tidemill_batches_early{pipeline=\"" + project.name() + "\"} 1.0"));
  }

  @Test
  void a_batch_is_told_whole() {
    JsonNode entry = ask(batches() + "/" + FIRST).json();
    assertThat(entry.get("accepted").asLong()).isEqualTo(3 * ORIGINS);
    assertThat(entry.get("closeReason").asText()).isEqualTo("CLOCK");
    assertThat(entry.get("spans")).hasSize(3);
    assertThat(entry.get("shares")).hasSize(3);
    assertThat(entry.get("loaded")).hasSize(1);
    assertThat(entry.get("balanced").asBoolean()).isTrue();
  }

  @Test
  void every_row_of_a_closed_batch_is_the_one_that_was_loaded() {
    List<List<Object>> loaded = loaded();
    assertThat(loaded).hasSize(ORIGINS);
    for (List<Object> row : loaded) {
      HttpReply reply = ask(results(FIRST) + "?key=" + row.get(0));
      assertThat(reply.rows()).containsExactly(row);
      assertThat(reply.json().get("provisional").asBoolean()).isFalse();
      assertThat(reply.json().get("attempt").asInt()).isEqualTo(1);
    }
  }

  @Test
  void all_rows_of_a_closed_batch_come_page_by_page() {
    List<List<Object>> rows = new ArrayList<>();
    String page = "";
    int pages = 0;
    do {
      HttpReply reply = ask(results(FIRST) + "?limit=7" + page);
      assertThat(reply.status()).as(reply.body()).isEqualTo(200);
      assertThat(reply.json().get("provisional").asBoolean()).isFalse();
      rows.addAll(reply.rows());
      page = reply.json().has("next") ? "&page=" + reply.json().get("next").asText() : "";
      pages++;
    } while (!page.isEmpty());
    assertThat(rows).containsExactlyInAnyOrderElementsOf(loaded());
    assertThat(pages).isEqualTo(4);
  }

  @Test
  void rows_of_an_open_batch_are_provisional() {
    Await.until(
        "the rows of the open day are merged",
        BOUND,
        () -> {
          HttpReply reply = ask(results(SECOND) + "?key=JFK");
          return reply.status() == 200
              && reply.rows().equals(List.of(List.of("JFK", 3L, 7.0, 7L, 2100L)));
        });
    JsonNode answer = ask(results(SECOND)).json();
    assertThat(answer.get("provisional").asBoolean()).isTrue();
    assertThat(answer.has("attempt")).isFalse();
    assertThat(answer.get("state").asText()).isEqualTo("OPEN");
    assertThat(answer.get("rows")).hasSize(1);
  }

  @Test
  void what_is_not_there_is_a_404_that_says_what_is() {
    assertThat(ask("/api/pipelines/other/batches").problem())
        .isEqualTo("404 there is no pipeline 'other' here, but '" + project.name() + "'");
    assertThat(ask(batches() + "/2001-01-07T05:00:00Z").problem())
        .startsWith("404 the ledger has no batch 2001-01-07T05:00:00Z");
    assertThat(ask(batches() + "/2001-01-01T06:00:00Z").problem())
        .isEqualTo(
            "404 no batch starts at 2001-01-01T06:00:00Z; the one that holds it is " + FIRST);
    assertThat(ask(results(FIRST) + "?key=XXX").problem())
        .isEqualTo("404 batch " + FIRST + " has no row for 'XXX'");
    HttpReply nothing = ask("/api/nothing");
    assertThat(nothing.status()).isEqualTo(404);
    assertThat(nothing.problem()).isEqualTo("404 there is no /api/nothing; see docs/http.md");
    assertThat(nothing.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
  }

  @Test
  void a_question_that_is_wrong_is_a_400_that_says_how_to_ask() {
    assertThat(ask(batches() + "?limit=0").problem()).isEqualTo("400 'limit' must be 1 to 1000");
    assertThat(ask(batches() + "?limit=x").problem())
        .isEqualTo("400 'limit' must be a number up to 1000, not 'x'");
    assertThat(ask(batches() + "?from=monday").problem()).contains("400 from: 'monday' is no time");
    assertThat(ask(batches() + "?state=DONE").problem())
        .contains("400 'DONE' is no state; there are");
    assertThat(ask(batches() + "/monday").problem()).startsWith("400 the batch: 'monday'");
    assertThat(ask(results(FIRST) + "?kye=ORD").problem())
        .startsWith("400 there is no parameter 'kye' here; known are key,");
    assertThat(ask(results(FIRST) + "?key.destination=ORD").problem())
        .isEqualTo("400 key.origin is missing; the statement groups by [origin]");
    assertThat(ask(results(FIRST) + "?page=abc").problem()).startsWith("400 'page' is not one");
    assertThat(ask(results(FIRST) + "?partial=maybe").problem())
        .isEqualTo("400 'partial' is true or false, not 'maybe'");
  }

  @Test
  void only_get_is_answered_and_a_share_only_for_other_instances() {
    assertThat(HttpReply.post(instance.url() + batches()).status()).isEqualTo(405);
    assertThat(HttpReply.post(instance.url() + batches() + "/" + FIRST + "/shares/0").problem())
        .startsWith("400 this is how instances ask each other");
  }

  @Test
  void metrics_tell_of_records_batches_loaders_and_kafka_streams() {
    String label = "{pipeline=\"" + project.name() + "\"} ";
    String metrics = ask("/metrics").body();
    assertThat(metrics)
        .contains(
            "tidemill_records_read_total" + label + (3.0 * ORIGINS + 3),
            "tidemill_records_late_total" + label + "0.0",
            "tidemill_batches_loaded" + label + "1.0",
            "tidemill_batches_open" + label + "1.0",
            "tidemill_ready" + label + "1.0",
            "tidemill_hidden_records" + label + "0.0",
            "tidemill_table_records_unreadable" + label + "0.0",
            "tidemill_table_versions_missed" + label + "0.0",
            "state=\"LOADING\",target=\"postgres:departures\"} 1.0",
            "kafka_stream_",
            "jvm_memory_used_bytes");
  }

  @Test
  void recent_events_come_newest_last_by_prefix_and_are_counted() {
    String events = "/api/pipelines/" + project.name() + "/events";
    Await.until(
        "the events have come",
        BOUND,
        () -> ask(events + "?prefix=batch").json().get("events").size() >= 4);
    assertThat(ask(events + "?prefix=batch").json().get("events"))
        .extracting(event -> event.get("event").asText() + " " + event.get("batch").asText())
        .containsSubsequence("batch.opened " + FIRST, "batch.closed " + FIRST)
        .containsSubsequence("batch.closed " + FIRST, "batch.loaded " + FIRST)
        .contains("batch.opened " + SECOND);
    JsonNode loaded = ask(events + "?prefix=batch.loaded&limit=1").json().get("events").get(0);
    assertThat(loaded.get("rows").asLong()).isEqualTo(ORIGINS);
    assertThat(loaded.get("pipeline").asText()).isEqualTo(project.name());
    assertThat(loaded.get("millis").asDouble()).isPositive();
    assertThat(ask(events + "?prefix=bacth").problem())
        .isEqualTo("400 no event begins with 'bacth'; did you mean 'batch'?");

    String label = "pipeline=\"" + project.name() + "\"} ";
    String counter = "tidemill_events_total{event=\"batch.loaded\"," + label + "1.0";
    Await.until("the listener has counted", BOUND, () -> ask("/metrics").body().contains(counter));
    assertThat(ask("/metrics").body())
        .contains(
            "tidemill_batch_loaded_rows_total{" + label + (double) ORIGINS,
            "tidemill_batch_loaded_seconds_count{" + label + "1",
            "tidemill_load_stage_rows_total{",
            "tidemill_load_publish_seconds_sum{failed=\"false\",outcome=\"published\",")
        .containsPattern("tidemill_listener_events_lost_total\\{listener=\"[^\"]*\",[^}]*} 0.0");
  }

  private static List<List<Object>> loaded() {
    return Table.query(
        postgres,
        "SELECT origin, departures, avg_delay, worst_delay, miles FROM departures"
            + " WHERE attempt > 0 ORDER BY origin");
  }

  private static String state(String batch) {
    HttpReply reply = ask(batches() + "/" + batch);
    return reply.status() == 200 ? reply.json().get("state").asText() : "";
  }

  private static long number(String batch, String field) {
    HttpReply reply = ask(batches() + "/" + batch);
    return reply.status() == 200 ? reply.json().get(field).asLong() : -1;
  }

  private static String batches() {
    return "/api/pipelines/" + project.name() + "/batches";
  }

  private static String results(String batch) {
    return batches() + "/" + batch + "/results";
  }

  private static HttpReply ask(String path) {
    return HttpReply.get(instance.url() + path);
  }
}
