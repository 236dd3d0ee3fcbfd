package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.load.PostgresServer;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three processes answer for a closed batch; one is killed with {@code kill -9}. Every answer is
 * right, or says that it is none: never silently short.
 */
final class AnswersWhileKilledTest {
  private static final String DAY = "2001-01-01T05:00:00Z";
  private static final int PARTITIONS = 6;
  private static final int ORIGINS = 30;
  private static final Duration BOUND = Duration.ofSeconds(90);

  @TempDir private Path folder;
  private final String postgres = PostgresServer.newSchema();
  private Project project;
  private FlightTopic topic;
  private final List<AnsweringInstance> here = new ArrayList<>();
  private ForkedTidemill victim;
  private Map<String, List<Object>> oracle;

  /** What came of questions. */
  private static final class Tally {
    int right;
    int unavailable;
    int partial;
    int refused;
  }

  @BeforeEach
  void three_processes_answer_for_one_loaded_day() {
    project = Project.in(folder).withOwnName();
    topic = new FlightTopic(project.name() + "-flights", PARTITIONS);
    project.from(topic.yaml()).idleAfter("1h").intoPostgres(postgres);
    Path pipeline = project.pipeline();
    ServerSettings cluster = SharedCluster.settings();
    for (String name : List.of("a", "b")) {
      here.add(
          new AnsweringInstance(
                  pipeline,
                  AnsweringInstance.settings(
                      cluster.brokers(), cluster.registry(), folder.resolve(name)))
              .start()
              .watchLedger());
    }
    victim =
        ForkedTidemill.start(
            AnsweringInstance.class,
            List.of(),
            pipeline,
            cluster.brokers(),
            cluster.registry(),
            folder.resolve("c"));
    victim.awaitErr("Answering at ");
    urls().forEach(url -> Await.until(url + " is ready", BOUND, () -> isReady(url)));
    for (int i = 0; i < 10 * ORIGINS; i++) {
      topic.send(i % PARTITIONS, "2001/01/01 08:00", i, 100, "A%02d".formatted(i % ORIGINS));
    }
    for (int partition = 0; partition < PARTITIONS; partition++) {
      topic.send(partition, "2001/01/02 01:30", 7, 700, "JFK");
    }
    topic.flush();
    urls().forEach(url -> Await.until("the day is loaded", BOUND, () -> isLoaded(url)));
    oracle =
        Table.query(
                postgres,
                "SELECT origin, departures, avg_delay, worst_delay, miles FROM departures")
            .stream()
            .collect(Collectors.toMap(row -> (String) row.get(0), row -> row));
    assertThat(oracle).hasSize(ORIGINS);
  }

  @AfterEach
  void stop() {
    victim.close();
    here.forEach(AnsweringInstance::close);
    topic.close();
  }

  @Test
  void every_answer_is_right_or_says_that_it_is_none_and_afterwards_all_are_right_again() {
    List<String> all = urls();
    List<String> survivors = all.subList(0, 2);
    Await.until("all answer rightly", BOUND, () -> isAllRight(ask(all)));

    victim.kill();
    Tally dying = new Tally();
    Await.until(
        "the survivors have all shares",
        BOUND,
        () -> {
          Tally round = ask(survivors);
          dying.right += round.right;
          dying.unavailable += round.unavailable;
          dying.partial += round.partial;
          return isAllRight(round);
        });

    assertThat(dying.unavailable).as("503 for what only the dead had").isPositive();
    assertThat(dying.partial).as("partial answers for who wanted them").isPositive();
    assertThat(dying.right).as("right answers by those who live").isPositive();
    assertThat(ask(List.of(all.get(2))).refused).as("the dead does not answer").isPositive();
  }

  private static boolean isAllRight(Tally tally) {
    return tally.unavailable == 0 && tally.partial == 0 && tally.refused == 0;
  }

  /** Every key, all rows, and all rows that there are, of each instance; wrong answers fail. */
  private Tally ask(List<String> urls) {
    Tally tally = new Tally();
    for (String url : urls) {
      try {
        for (String origin : oracle.keySet()) {
          judge(tally, HttpReply.get(results(url) + "?key=" + origin), Set.of(origin));
        }
        judge(tally, HttpReply.get(results(url)), oracle.keySet());
        judge(tally, HttpReply.get(results(url) + "?partial=true"), oracle.keySet());
        JsonNode paged = null;
        List<List<Object>> rows = new ArrayList<>();
        do {
          String page = paged == null ? "" : "&page=" + paged.get("next").asText();
          HttpReply reply = HttpReply.get(results(url) + "?limit=9" + page);
          paged = reply.status() == 200 ? reply.json() : null;
          if (paged == null) {
            assertThat(reply.status()).as(reply.body()).isEqualTo(503);
            tally.unavailable++;
            break;
          }
          rows.addAll(reply.rows());
        } while (paged.has("next"));
        if (paged != null) {
          assertThat(rows).containsExactlyInAnyOrderElementsOf(oracle.values());
          tally.right++;
        }
      } catch (UncheckedIOException e) {
        tally.refused++;
      }
    }
    return tally;
  }

  private void judge(Tally tally, HttpReply reply, Set<String> origins) {
    if (reply.status() == 503) {
      assertThat(reply.headers().firstValue("Retry-After")).isPresent();
      tally.unavailable++;
      return;
    }
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    JsonNode json = reply.json();
    assertThat(json.get("provisional").asBoolean()).as(reply.body()).isFalse();
    Set<List<Object>> rows = new HashSet<>(reply.rows());
    Set<List<Object>> expected = origins.stream().map(oracle::get).collect(Collectors.toSet());
    if (json.get("partial").asBoolean()) {
      assertThat(json.get("missingShares")).isNotEmpty();
      assertThat(expected).containsAll(rows);
      tally.partial++;
    } else {
      assertThat(rows).isEqualTo(expected);
      assertThat(reply.rows()).hasSameSizeAs(expected);
      tally.right++;
    }
  }

  private List<String> urls() {
    List<String> urls = new ArrayList<>(here.stream().map(AnsweringInstance::url).toList());
    String said = victim.err();
    String url = said.substring(said.indexOf("Answering at ") + "Answering at ".length());
    urls.add(url.lines().findFirst().orElseThrow());
    return urls;
  }

  private static boolean isReady(String url) {
    try {
      return AnsweringInstance.isReady(url);
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private boolean isLoaded(String url) {
    HttpReply reply = HttpReply.get(batch(url));
    return reply.status() == 200 && reply.json().get("state").asText().equals("LOADED");
  }

  private String batch(String url) {
    return url + "/api/pipelines/" + project.name() + "/batches/" + DAY;
  }

  private String results(String url) {
    return batch(url) + "/results";
  }
}
