package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemill.definition.HttpSettings;
import dev.tidemill.definition.ServerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Each question of docs/http.md has the answer that is shown below it. {@code "…"} stands for any
 * text or number, and as the last item of a list for more items.
 */
final class HttpDocsTest {
  private static final Pattern EXAMPLE =
      Pattern.compile("```http\\n(GET (\\S+))\\n```\\n\\n```json\\n(.*?)```", Pattern.DOTALL);
  private static final String ANYTHING = "…";
  private static final Duration BOUND = Duration.ofSeconds(90);
  private static final ObjectMapper JSON = new ObjectMapper();

  static final List<Example> EXAMPLES = examples();

  @TempDir static Path folder;
  private static AnsweringInstance instance;

  record Example(String path, String answer) {
    @Override
    public String toString() {
      return path;
    }
  }

  @BeforeAll
  static void the_flights_are_loaded() throws IOException {
    Path flights = folder.resolve("flights");
    copy(Path.of("examples/flights"), flights);
    ServerSettings cluster = SharedCluster.settings();
    ServerSettings settings =
        new ServerSettings(
            cluster.brokers(),
            cluster.registry(),
            folder.resolve("state"),
            cluster.kafka(),
            cluster.replicationFactor(),
            0,
            cluster.stateMemory(),
            cluster.sessionTimeout(),
            HttpSettings.NONE.or(Optional.of(0), Optional.empty()));
    instance = new AnsweringInstance(flights.resolve("pipeline.yaml"), settings);
    instance.start().watchLedger();
    Await.until("both days are loaded", BOUND, HttpDocsTest::bothAreLoaded);
  }

  private static boolean bothAreLoaded() {
    HttpReply reply =
        HttpReply.get(instance.url() + "/api/pipelines/daily-departures/batches?state=LOADED");
    return reply.status() == 200
        && reply.json().get("batches").size() == 2
        && AnsweringInstance.isReady(instance.url())
        && HttpReply.get(
                    instance.url() + "/api/pipelines/daily-departures/events?prefix=batch.loaded")
                .json()
                .get("events")
                .size()
            == 2;
  }

  @AfterAll
  static void stop() {
    instance.close();
  }

  @ParameterizedTest
  @FieldSource("EXAMPLES")
  void an_answer_is_as_the_manual_shows_it(Example example) throws IOException {
    HttpReply reply = HttpReply.get(instance.url() + example.path());
    JsonNode shown = JSON.readTree(example.answer());
    assertThat(isLike(shown, reply.json())).as("%s is not like %s", reply.body(), shown).isTrue();
  }

  private static boolean isLike(JsonNode shown, JsonNode real) {
    if (shown.isTextual() && shown.asText().equals(ANYTHING)) {
      return real.isValueNode();
    }
    if (shown.isObject()) {
      return real.isObject()
          && names(shown).equals(names(real))
          && names(shown).stream().allMatch(name -> isLike(shown.get(name), real.get(name)));
    }
    if (shown.isArray()) {
      int last = shown.size() - 1;
      boolean more = last >= 0 && shown.get(last).asText().equals(ANYTHING);
      int compared = more ? last : shown.size();
      if (more ? real.size() <= last : real.size() != shown.size()) {
        return false;
      }
      return Stream.iterate(0, i -> i < compared, i -> i + 1)
          .allMatch(i -> isLike(shown.get(i), real.get(i)));
    }
    return shown.equals(real);
  }

  private static List<String> names(JsonNode object) {
    return object.properties().stream().map(java.util.Map.Entry::getKey).toList();
  }

  private static List<Example> examples() {
    try {
      return EXAMPLE
          .matcher(Files.readString(Path.of("docs/http.md")))
          .results()
          .map(found -> new Example(found.group(2), found.group(3)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without a warehouse that somebody's demo has left there. */
  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from, FileVisitOption.FOLLOW_LINKS)) {
      Stream<Path> files = all.filter(Files::isRegularFile).filter(f -> !isWarehouse(f));
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file));
        Files.createDirectories(target.getParent());
        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static boolean isWarehouse(Path file) {
    return file.getFileName().toString().contains(".duckdb");
  }
}
