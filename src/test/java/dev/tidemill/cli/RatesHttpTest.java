package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.definition.HttpSettings;
import dev.tidemill.definition.ServerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How fast a source is published, over HTTP and by command. */
final class RatesHttpTest {
  private static final String TOKEN = "0123456789abcdef";
  private static final Duration BOUND = Duration.ofSeconds(60);

  @TempDir static Path folder;
  private static Project project;
  private static AnsweringInstance instance;

  @BeforeAll
  static void a_source_has_a_row_an_hour() {
    project =
        Project.in(folder)
            .withOwnName()
            .intoDuckDb()
            .data("flights.csv", FewFlights.CSV)
            .from("file: {path: \"data/*.csv\", format: csv}\n    rate: 1/h");
    instance = answering(Optional.of(TOKEN)).start().watchLedger();
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
  void it_is_set_obeyed_and_taken_back() throws IOException {
    assertThat(get().json().get("rate").asText()).isEqualTo("1/h");
    assertThat(get().json().has("definition")).isFalse();
    HttpReply set = put("{\"rate\": \"unlimited\"}");
    assertThat(set.status()).as(set.body()).isEqualTo(202);
    assertThat(get().json().get("rate").asText()).isEqualTo("unlimited");
    assertThat(get().json().get("definition").asText()).isEqualTo("1/h");
    long rows = FewFlights.CSV.lines().count() - 1;
    Await.until("all is read, in less than hours", BOUND, () -> read() == rows);
    HttpReply reset = HttpReply.delete(instance.url() + path("flights"), TOKEN);
    assertThat(reset.status()).isEqualTo(202);
    assertThat(reset.json().get("rate").asText()).isEqualTo("1/h");
    assertThat(get().json().has("definition")).isFalse();
    assertThat(rate("7/s")).startsWith("Told to publish 7/s. ");
    assertThat(get().json().get("rate").asText()).isEqualTo("7/s");
    assertThat(rate()).startsWith("flights is published 7/s, which was set while it ran");
    assertThat(rate("reset")).startsWith("Told to publish as the definition says. ");
    assertThat(rate()).startsWith("flights is published as its definition says");
  }

  private static String rate(Object... rate) throws IOException {
    ServerSettings cluster = SharedCluster.settings();
    Path config =
        Files.writeString(
            folder.resolve("server.yaml"),
            "brokers: %s\nregistry: %s\nstate-dir: state\n"
                .formatted(cluster.brokers(), cluster.registry()));
    Tidemill.Outcome outcome =
        Tidemill.run(
            Stream.of(
                    Stream.of("rate", project.name(), "flights"),
                    Stream.of(rate),
                    Stream.of("--config", config))
                .flatMap(words -> words)
                .toArray());
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return outcome.out();
  }

  @Test
  void a_command_that_means_nothing_is_refused_before_anything_is_sent() {
    Tidemill.Outcome refused = Tidemill.run("rate", "p", "s", "5000", "--config", "nowhere.yaml");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains("'5000' is not a rate; ")
        .contains("; or unlimited, or reset")
        .doesNotContain("nowhere.yaml");
  }

  private static long read() {
    String batches = instance.url() + "/api/pipelines/" + project.name() + "/batches";
    return StreamSupport.stream(
            HttpReply.get(batches, TOKEN).json().path("batches").spliterator(), false)
        .mapToLong(batch -> batch.get("read").asLong())
        .sum();
  }

  @Test
  void what_is_no_rate_is_a_400_that_says_why() {
    assertThat(put("{\"rate\": \"5000\"}").problem())
        .isEqualTo(
            "400 '5000' is not a rate; write a number of rows and s, m or h, such as 5000/s or"
                + " 100/m; or unlimited");
    assertThat(put("{\"speed\": \"5/s\"}").problem())
        .isEqualTo("400 the body has other keys than {\"rate\": \"5000/s\"}");
    assertThat(put("null").problem()).startsWith("400 the body has other keys");
    assertThat(put("5/s").problem()).isEqualTo("400 the body is not like {\"rate\": \"5000/s\"}");
  }

  @Test
  void a_source_that_is_not_extracted_is_a_404() {
    assertThat(HttpReply.get(instance.url() + path("trains"), TOKEN).problem())
        .isEqualTo("404 source 'trains' is not extracted; these are: flights");
    assertThat(HttpReply.get(instance.url() + path("flights") + "?limit=1", TOKEN).problem())
        .isEqualTo("400 there is no parameter 'limit' here; there is none");
  }

  @Test
  void nothing_is_changed_without_the_token_nor_if_there_is_none() {
    String path = path("flights");
    assertThat(HttpReply.put(instance.url() + path, "wrong", "{\"rate\": \"5/s\"}").status())
        .isEqualTo(401);
    assertThat(HttpReply.get(instance.url() + path).status()).isEqualTo(401);
    try (AnsweringInstance open = answering(Optional.empty())) {
      assertThat(HttpReply.put(open.url() + path, TOKEN, "{\"rate\": \"5/s\"}").problem())
          .startsWith("403 nothing can be changed over HTTP while the server has no token");
      assertThat(HttpReply.delete(open.url() + path, TOKEN).status()).isEqualTo(403);
      assertThat(HttpReply.get(open.url() + path).json().get("rate").asText()).isNotEqualTo("5/s");
    }
  }

  private static HttpReply get() {
    return HttpReply.get(instance.url() + path("flights"), TOKEN);
  }

  private static HttpReply put(String body) {
    return HttpReply.put(instance.url() + path("flights"), TOKEN, body);
  }

  private static String path(String source) {
    return "/api/pipelines/" + project.name() + "/sources/" + source + "/rate";
  }
}
