package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemill.definition.HttpSettings;
import dev.tidemill.definition.ServerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schedule of a source, over HTTP. */
final class SchedulesHttpTest {
  private static final String TOKEN = "0123456789abcdef";
  private static final Duration BOUND = Duration.ofSeconds(60);

  @TempDir static Path folder;
  private static Project project;
  private static AnsweringInstance instance;

  @BeforeAll
  static void a_source_is_read_once_a_year() {
    project =
        Project.in(folder)
            .withOwnName()
            .intoDuckDb()
            .data("flights.csv", FewFlights.CSV)
            .from("file: {path: \"data/*.csv\", format: csv}\n    schedule: \"@yearly\"");
    instance = answering(Optional.of(TOKEN)).start().watchLedger();
    Await.until("it is known", BOUND, () -> get("").json().at("/schedules/0").isObject());
  }

  @AfterAll
  static void stop() {
    instance.close();
  }

  private static AnsweringInstance answering(Optional<String> token) {
    ServerSettings cluster = SharedCluster.settings();
    return new AnsweringInstance(
        project.pipeline(),
        AnsweringInstance.settings(cluster.brokers(), cluster.registry(), folder.resolve("state"))
            .withHttp(new HttpSettings(Optional.of(0), Optional.empty(), Optional.empty(), token)));
  }

  @Test
  void it_is_run_paused_and_resumed_and_its_history_is_told() {
    assertThat(post("/flights/run").status()).isEqualTo(202);
    Await.until("it has run", BOUND, () -> outcome().equals("DONE"));
    JsonNode told = get("/flights").json();
    assertThat(told.at("/runs/0/rows").asLong()).isEqualTo(FewFlights.CSV.lines().count() - 1);
    assertThat(told.get("next")).hasSize(5);
    HttpReply paused = post("/flights/pause");
    assertThat(paused.json().get("command").asText()).as(paused.body()).isEqualTo("PAUSE");
    Await.until("it is paused", BOUND, () -> isPaused());
    assertThat(post("/flights/resume").status()).isEqualTo(202);
    Await.until("it goes on", BOUND, () -> !isPaused());
  }

  @Test
  void it_is_changed_deleted_and_reset() {
    HttpReply set =
        put("{\"schedule\": \"0 2 * * *\", \"timezone\": \"Europe/Berlin\", \"retries\": 7}");
    assertThat(set.status()).as(set.body()).isEqualTo(202);
    awaitWords("every day at 02:00, Europe/Berlin");
    assertThat(get("/flights").json().get("definition").asText())
        .isEqualTo("on 1 January at 00:00, America/New_York");
    JsonNode values = get("/flights").json().get("values");
    assertThat(values.get("retries").asText()).isEqualTo("7");
    assertThat(values.get("misfire").asText()).isEqualTo("once");
    assertThat(get("/flights").json().get("set").size()).isEqualTo(3);
    assertThat(HttpReply.delete(instance.url() + path("/flights"), TOKEN).status()).isEqualTo(202);
    awaitWords("never");
    assertThat(post("/flights/reset").status()).isEqualTo(202);
    awaitWords("on 1 January at 00:00, America/New_York");
    assertThat(get("/flights").json().has("definition")).isFalse();
  }

  @Test
  void a_change_that_means_nothing_is_a_400_that_says_why() {
    assertThat(put("{\"schedule\": \"0 2 * *\"}").problem()).startsWith("400 '0 2 * *'");
    assertThat(put("{\"schedule\": \"@daily\", \"timezone\": \"Berlin\"}").problem())
        .startsWith("400 there is no time zone 'Berlin'");
    assertThat(put("{\"corn\": \"@daily\", \"jitter\": \"soon\"}").problem())
        .isEqualTo(
            "400 unknown key 'corn'; did you mean 'cron'?; 'soon' is not a duration; write a number"
                + " with ms, s, m, h or d, such as 30s or 2h");
    assertThat(put("{\"cron\": {\"at\": \"night\"}}").problem())
        .startsWith("400 the body is not like {\"schedule\": ");
    assertThat(put("{}").problem()).startsWith("400 nothing is to be set");
    assertThat(put("@daily").problem()).startsWith("400 the body is not like {\"schedule\": ");
  }

  private static void awaitWords(String words) {
    Await.until(words, BOUND, () -> get("/flights").json().get("words").asText().equals(words));
  }

  private static HttpReply put(String body) {
    return HttpReply.put(instance.url() + path("/flights"), TOKEN, body);
  }

  @Test
  void a_source_without_one_is_a_404_and_a_command_that_is_not_known_too() {
    assertThat(get("/trains").problem())
        .isEqualTo("404 source 'trains' has no schedule; these have one: flights");
    assertThat(post("/trains/run").status()).isEqualTo(404);
    assertThat(post("/flights/stop").status()).isEqualTo(404);
    assertThat(get("/flights/run").status()).isEqualTo(405);
    assertThat(get("/flights?limit=1").problem())
        .isEqualTo("400 there is no parameter 'limit' here; there is none");
  }

  @Test
  void nothing_is_changed_without_the_token_nor_if_there_is_none() {
    String path = path("/flights/pause");
    assertThat(HttpReply.post(instance.url() + path).status()).isEqualTo(401);
    try (AnsweringInstance open = answering(Optional.empty())) {
      assertThat(HttpReply.post(open.url() + path).problem())
          .startsWith("403 nothing can be changed over HTTP while the server has no token");
      assertThat(HttpReply.post(open.url() + path, TOKEN).status()).isEqualTo(403);
    }
    assertThat(isPaused()).isFalse();
  }

  private static String outcome() {
    return get("").json().at("/schedules/0/last/outcome").asText();
  }

  private static boolean isPaused() {
    return get("/flights").json().get("paused").asBoolean();
  }

  private static HttpReply get(String path) {
    return HttpReply.get(instance.url() + path(path), TOKEN);
  }

  private static HttpReply post(String path) {
    return HttpReply.post(instance.url() + path(path), TOKEN);
  }

  private static String path(String path) {
    return "/api/pipelines/" + project.name() + "/schedules" + path;
  }
}
