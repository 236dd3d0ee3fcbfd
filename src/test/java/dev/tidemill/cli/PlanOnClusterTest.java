package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.load.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code plan} says of a changed definition of a pipeline that has run. */
final class PlanOnClusterTest {
  private static final String NAME = "plan-on-cluster";
  private static final String SOURCE =
      "file: {path: \"data/*.csv\", format: csv, partitions: %d}\n    %s";
  private static final String DEDUPE = "dedupe: {by: [origin, date]}";
  private static final String SQL =
      "SELECT a.state, COUNT(*) AS n FROM flights f JOIN airports a ON f.origin = a.iata"
          + " GROUP BY a.state";

  @TempDir private static Path folder;

  @BeforeAll
  static void it_has_run() {
    Project project = asItRan().data("flights.csv", FewFlights.CSV);
    Tidemill.Outcome run = run("run", project, "--until-complete");
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  @Test
  void nothing_is_changed_if_nothing_has_changed() throws IOException {
    JsonNode start = start(asItRan(), 0);
    assertThat(start.get("hasRun").asBoolean()).isTrue();
    assertThat(start.get("runs").asBoolean()).isFalse();
    assertThat(names(start, "reused"))
        .contains(
            "definition " + NAME,
            "group tidemill." + NAME,
            topic(".source.flights"),
            topic(".source.airports"),
            topic(".positions"),
            topic(".results"),
            topic("-shuffle-repartition"),
            topic("-groups-changelog"),
            topic("-seen-changelog"),
            "target duckdb:departures");
    assertThat(start.get("changes")).hasSize(names(start, "reused").size());
    assertThat(start.get("unfinished")).isEmpty();

    Tidemill.Outcome text = run("plan", asItRan());
    assertThat(text.out())
        .contains("where " + NAME + " has run, but does not now:")
        .contains(
            "  reused    topic tidemill." + NAME + "-groups-changelog  (state of store 'groups')\n")
        .endsWith("The start would go on where the pipeline is.\n");
  }

  @Test
  void a_pipeline_that_never_ran_would_make_everything() throws IOException {
    Project fresh =
        flights()
            .named("never-ran")
            .withAirports(", replicate: false")
            .sql(SQL)
            .intoPostgres(PostgresServer.newSchema());
    JsonNode start = start(fresh, 0);
    assertThat(start.get("hasRun").asBoolean()).isFalse();
    assertThat(names(start, "new"))
        .contains("topic tidemill.never-ran.ledger", "topic tidemill.never-ran-groups-changelog")
        .contains("target postgres:departures")
        .hasSize(start.get("changes").size());
    assertThat(run("plan", fresh).out())
        .contains("where never-ran has never run:")
        .endsWith("The start would be its first.\n");
  }

  @Test
  void a_table_that_belongs_to_another_pipeline_is_refused() throws IOException {
    assertThat(only(start(asItRan().named("other"), 3), "refused", "target duckdb:departures"))
        .contains("belongs to the pipeline " + NAME);
  }

  @Test
  void a_changed_statement_is_refused_in_the_words_of_the_start() throws IOException {
    Project changed = asItRan().sql(SQL.replace("COUNT(*)", "MAX(f.delay)"));
    JsonNode start = start(changed, 3);
    String said = only(start, "refused", "definition " + NAME);
    assertThat(said).contains("'sql' was: SELECT a.state, COUNT(*)").doesNotContain("'dedupe'");
    assertThat(only(start, "refused", "target duckdb:departures"))
        .contains("column n: expected INTEGER, found BIGINT");
    assertThat(run("run", changed).err()).contains("tidemill: " + said);
    assertThat(run("plan", changed).out())
        .contains("'sql' was: SELECT a.state, COUNT(*)")
        .endsWith("The start would be refused (exit code 3), and would change nothing.\n");
  }

  @Test
  void other_partitions_of_a_source_are_refused_in_the_words_of_the_start() throws IOException {
    Project changed =
        flights().from(SOURCE.formatted(3, DEDUPE)).withAirports("").sql(SQL).intoDuckDb();
    String said = only(start(changed, 3), "refused", "source flights");
    assertThat(said).contains("has 2 partitions, the definition says 3");
    assertThat(run("run", changed).err()).contains("tidemill: " + said);
  }

  @Test
  void the_changelog_of_a_dedupe_that_is_gone_is_named_with_how_to_delete_it() throws IOException {
    Project changed = asItRan().from(SOURCE.formatted(2, ""));
    JsonNode start = start(changed, 3);
    assertThat(only(start, "refused", "definition " + NAME))
        .contains("'dedupe' was: flights by [origin, date] within the batch");
    assertThat(only(start, "orphaned", topic("-seen-changelog")))
        .endsWith("--delete --topic tidemill." + NAME + "-seen-changelog");
  }

  @Test
  void a_table_in_parts_that_is_added_is_refused() throws IOException {
    Project changed =
        asItRan()
            .withSource(
                """
                towns:
                  file: {path: data/lookup/airports.csv, format: csv, partitions: 2}
                  schema: schemas/airport.avsc
                  table: {key: iata, replicate: false}
                """)
            .sql(SQL.replace(" GROUP", " JOIN towns t ON f.origin = t.iata GROUP"));
    JsonNode start = start(changed, 3);
    assertThat(only(start, "refused", "group tidemill." + NAME))
        .contains("tidemill." + NAME + ".source.towns-1 is new");
    assertThat(only(start, "refused", "definition " + NAME)).contains("'sources' was: airports");
    assertThat(names(start, "new"))
        .containsExactly(topic(".source.towns"), topic(".control.towns"));
  }

  @Test
  void a_table_in_parts_that_is_removed_is_refused_and_leaves_its_topic() throws IOException {
    JsonNode start = start(flights().sql(Project.PER_ORIGIN).intoDuckDb(), 3);
    assertThat(only(start, "refused", "group tidemill." + NAME))
        .contains("tidemill." + NAME + ".source.airports-1 is gone, or is no source any more");
    assertThat(names(start, "orphaned"))
        .containsExactly(topic(".control.airports"), topic(".source.airports"));
  }

  @Test
  void a_target_that_is_added_is_filled_and_one_that_is_removed_leaves_its_group()
      throws IOException {
    Project changed =
        flights()
            .withAirports(", replicate: false")
            .sql(SQL)
            .intoPostgres(PostgresServer.newSchema());
    JsonNode start = start(changed, 0);
    assertThat(only(start, "new", "target postgres:departures"))
        .contains("the 2 batches that are LOADED are loaded into it too");
    assertThat(only(start, "orphaned", "group tidemill." + NAME + ".load.duckdb_departures"))
        .contains("its target and table stay as they are", "--delete --group tidemill." + NAME);
  }

  @Test
  void without_a_cluster_it_says_how_to_compare_and_a_picture_has_nothing_to_compare() {
    Tidemill.Outcome plan = Tidemill.run("plan", asItRan().pipeline());
    assertThat(plan.exitCode()).isZero();
    assertThat(plan.out()).contains("With --config SERVER.yaml, plan also says");
    assertThat(run("plan", asItRan(), "--mermaid").exitCode()).isEqualTo(2);
  }

  private static Project asItRan() {
    return flights().withAirports(", replicate: false").sql(SQL).intoDuckDb();
  }

  private static Project flights() {
    return Project.in(folder).named(NAME).from(SOURCE.formatted(2, DEDUPE));
  }

  private static Tidemill.Outcome run(String command, Project project, Object... more) {
    Object[] arguments = new Object[4 + more.length];
    arguments[0] = command;
    arguments[1] = project.pipeline();
    arguments[2] = "--config";
    arguments[3] = SharedCluster.server(project);
    System.arraycopy(more, 0, arguments, 4, more.length);
    return Tidemill.run(arguments);
  }

  /** The comparison, which has changed nothing. */
  private static JsonNode start(Project project, int exitCode) throws IOException {
    String before = cluster();
    Tidemill.Outcome plan = run("plan", project, "--json");
    assertThat(plan.exitCode()).as(plan.err() + plan.out()).isEqualTo(exitCode);
    assertThat(cluster()).isEqualTo(before);
    JsonNode start = new ObjectMapper().readTree(plan.out()).get("start");
    assertThat(start.get("wouldStart").asBoolean()).isEqualTo(exitCode == 0);
    return start;
  }

  /** Everything in Kafka and in the registry. */
  private static String cluster() throws IOException {
    Map<String, Object> found = new TreeMap<>();
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", SharedCluster.settings().brokers()))) {
      var topics = TestClients.get(admin.listTopics().names());
      Map<TopicPartition, OffsetSpec> ends =
          TestClients.get(admin.describeTopics(topics).allTopicNames()).values().stream()
              .flatMap(
                  topic ->
                      topic.partitions().stream()
                          .map(info -> new TopicPartition(topic.name(), info.partition())))
              .collect(Collectors.toMap(partition -> partition, p -> OffsetSpec.latest()));
      TestClients.get(admin.listOffsets(ends).all())
          .forEach((partition, end) -> found.put(partition.toString(), end.offset()));
      for (GroupListing group : TestClients.get(admin.listGroups().all())) {
        found.put(
            "group " + group.groupId(),
            TestClients.get(
                admin.listConsumerGroupOffsets(group.groupId()).partitionsToOffsetAndMetadata()));
      }
    }
    try (var subjects =
        URI.create(SharedCluster.settings().registry() + "/subjects").toURL().openStream()) {
      found.put("subjects", new String(subjects.readAllBytes()));
    }
    return found.toString();
  }

  private static String topic(String suffix) {
    return "topic tidemill." + NAME + suffix;
  }

  private static List<String> names(JsonNode start, String effect) {
    return start.get("changes").findParents("effect").stream()
        .filter(change -> change.get("effect").asText().equals(effect))
        .map(change -> change.get("kind").asText() + " " + change.get("name").asText())
        .toList();
  }

  /** The text of the one such change. */
  private static String only(JsonNode start, String effect, String name) {
    assertThat(names(start, effect)).containsOnlyOnce(name);
    for (JsonNode change : start.get("changes")) {
      if (change.get("effect").asText().equals(effect)
          && name.equals(change.get("kind").asText() + " " + change.get("name").asText())) {
        return change.get("text").asText();
      }
    }
    throw new AssertionError(start);
  }
}
