package dev.tidemill.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cli.SharedCluster;
import dev.tidemill.cli.Table;
import dev.tidemill.cli.Tidemill;
import dev.tidemill.definition.Topics;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.load.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code run --until-complete} in two processes at once, of two sources in several files. */
final class UntilCompleteTest {
  private static final int FILES = 4;
  private static final int PARTITIONS = 2;
  private static final int ROWS_IN_A_FILE = 1_000;
  private static final String OWNS = ": this instance extracts it";
  private static final int ROWS = 2 * FILES * ROWS_IN_A_FILE;
  private static final String LOADED =
      "SELECT batch_start, place, n, total FROM sums ORDER BY batch_start, place";

  /** So slow that there is time to kill somebody. */
  private static final String SLOW = "rate: 1000/s";

  @Test
  void both_end_well_when_everything_is_loaded_once() {
    bothEndWell("together", 0);
  }

  /** The second one may even come when the first one has ended. */
  @Tag("faults")
  @Test
  void both_end_well_whenever_the_second_one_comes() {
    Random random = new Random(Programme.seed("together"));
    for (int round = 0; round < Programme.few(); round++) {
      bothEndWell("together-" + round, random.nextLong(12_000));
    }
  }

  private static void bothEndWell(String name, long laterMs) {
    try (Processes processes = new Processes(name)) {
      String database = project(processes, name, "", "");
      processes.start("a", "--until-complete");
      Moment.pass(laterMs);
      processes.start("b", "--until-complete");
      for (String instance : List.of("a", "b")) {
        assertAllIsLoaded(processes.end(instance));
      }
      assertTheSame(database, processes);
      assertEachRowOnce(name);
    }
  }

  @Tag("faults")
  @Test
  void one_is_killed_at_any_moment_and_the_other_one_finishes() {
    Random random = new Random(Programme.seed("survivors"));
    for (int round = 0; round < Programme.few(); round++) {
      oneIsKilled("survivor-" + round, random);
    }
  }

  private static void oneIsKilled(String name, Random random) {
    try (Processes processes = new Processes(name)) {
      String database = project(processes, name, SLOW, "");
      var victim = processes.start("a", "--until-complete");
      var survivor = processes.start("b", "--until-complete");
      if (random.nextInt(4) > 0) { // else while it starts
        processes.await(
            "each extracts a source",
            () -> victim.err().contains(OWNS) && survivor.err().contains(OWNS));
      }
      Moment.pass(random.nextLong(4_000));
      processes.kill("a");
      assertAllIsLoaded(processes.end("b"));
      assertTheSame(database, processes);
      assertEachRowOnce(name);
    }
  }

  @Tag("faults")
  @Test
  void both_end_with_1_if_a_batch_is_in_quarantine() {
    String name = "held-together";
    try (Processes processes = new Processes(name)) {
      String database = project(processes, name, "", "require: {few: rows < 2}\n");
      assertBothEndWith1(processes, "QUARANTINED");
      assertThat(Table.query(database, "SELECT * FROM sums")).isEmpty();
    }
  }

  @Tag("faults")
  @Test
  void both_end_with_1_if_a_book_does_not_balance() {
    String name = "unequal-together";
    try (Processes processes = new Processes(name)) {
      project(processes, name, "", "");
      String topic = new Topics(name).source("ins");
      String brokers = SharedCluster.settings().brokers();
      TestClients.createTopic(brokers, topic, PARTITIONS);
      TestClients.send(brokers, topic, "not ours");
      assertBothEndWith1(processes, "something else writes there");
    }
  }

  /** Who stands by takes over when the first one has given up, and gives up in its turn. */
  @Tag("faults")
  @Test
  void both_end_with_3_if_a_source_does_not_answer() throws IOException {
    String name = "deaf-together";
    try (Processes processes = new Processes(name)) {
      project(processes, name, "", "");
      Path pipeline = processes.folder().resolve("pipeline.yaml");
      Files.writeString(
          pipeline,
          Files.readString(pipeline)
              .replaceFirst("file: .path: data/outs.*", "http: {url: http://127.0.0.1:1/outs}"));
      processes.start("a", "--until-complete", "--give-up-after", "5s");
      processes.start("b", "--until-complete", "--give-up-after", "5s");
      for (String instance : List.of("a", "b")) {
        Tidemill.Outcome outcome = processes.end(instance);
        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(3);
        assertThat(outcome.err())
            .containsSubsequence("tidemill: Source outs: ", "--give-up-after", "Nothing is lost");
      }
    }
  }

  private static void assertBothEndWith1(Processes processes, String why) {
    processes.start("a", "--until-complete");
    processes.start("b", "--until-complete");
    for (String instance : List.of("a", "b")) {
      Tidemill.Outcome outcome = processes.end(instance);
      assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(1);
      assertThat(outcome.out())
          .contains(why)
          .contains("NOT every batch is loaded with balanced books");
    }
  }

  private static void assertAllIsLoaded(Tidemill.Outcome outcome) {
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("Every book balances: %,d records read, each accounted for.".formatted(ROWS));
  }

  private static void assertTheSame(String database, Processes processes) {
    assertThat(Table.query(database, LOADED))
        .isEqualTo(
            Table.query(
                "jdbc:duckdb:",
                """
                SELECT date_trunc('day', "at") AS batch_start, place, COUNT(*) AS n,
                       SUM(amount)::BIGINT AS total
                FROM read_csv('%s/data/*/*.csv', types = {'at': 'TIMESTAMPTZ'})
                GROUP BY ALL ORDER BY ALL
                """
                    .formatted(processes.folder())));
  }

  private static void assertEachRowOnce(String name) {
    List<String> published =
        List.of("ins", "outs").stream()
            .flatMap(source -> idsOfRows(new Topics(name).source(source)))
            .toList();
    assertThat(published).hasSize(ROWS).doesNotHaveDuplicates();
  }

  private static Stream<String> idsOfRows(String topic) {
    return TestClients.settled(SharedCluster.settings().brokers(), topic).stream()
        .filter(record -> record.headers().lastHeader("tidemill.id") != null)
        .map(record -> topic + new String(record.headers().lastHeader("tidemill.id").value()));
  }

  /** The URL of its database. */
  private static String project(
      Processes processes, String name, String keyOfSource, String keyOfPipeline) {
    String database = PostgresServer.newSchema();
    processes.write(
        "row.avsc",
        """
        {"type": "record", "name": "Row", "fields": [
          {"name": "at", "type": "string"},
          {"name": "place", "type": "string"},
          {"name": "amount", "type": "long"}]}
        """);
    StringBuilder sources = new StringBuilder();
    for (String source : List.of("ins", "outs")) {
      for (int file = 0; file < FILES; file++) {
        processes.write("data/" + source + "/" + file + ".csv", csv(source, file));
      }
      sources.append(
          """
            %s:
              file: {path: data/%s/*.csv, format: csv, partitions: %d}
              schema: row.avsc
              event-time: at
              %s
          """
              .formatted(source, source, PARTITIONS, keyOfSource));
    }
    processes.write(
        "pipeline.yaml",
        """
        pipeline: %s
        batch: {every: "@daily", idle-after: 30s}
        sources:
        %ssql: |
          SELECT place, COUNT(*) AS n, SUM(amount) AS total
          FROM (SELECT place, amount FROM ins UNION ALL SELECT place, amount FROM outs) AS r
          GROUP BY place
        %sload:
          - postgres: {url: "%s", table: sums}
        """
            .formatted(name, sources, keyOfPipeline, database));
    return database;
  }

  /** Each file has each of seven days, in the order of time in all files together. */
  private static String csv(String source, int file) {
    return IntStream.range(file * ROWS_IN_A_FILE, (file + 1) * ROWS_IN_A_FILE)
        .mapToObj(
            i ->
                "2026-01-%02dT10:00:00Z,%s%d,%d%n"
                    .formatted(1 + i * 7 / (FILES * ROWS_IN_A_FILE), source, i % 5, i))
        .collect(Collectors.joining("", "at,place,amount\n", ""));
  }
}
