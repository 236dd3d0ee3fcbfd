package dev.tidemill.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cli.ForkedTidemill;
import dev.tidemill.cli.SharedCluster;
import dev.tidemill.cli.Table;
import dev.tidemill.cli.Tidemill;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.load.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A target stands still: with {@code demand}, neither the topics before it fill up, nor the memory
 * of the process, nor its disk; and everything goes on by itself.
 */
@Timeout(600)
final class SlowTargetTest {
  private static final int ROWS = 40_000;
  private static final int A_MINUTE = 1_000;
  private static final Instant BEGIN = Instant.parse("2026-01-05T10:00:00Z");
  private static final int PARTITIONS = 2;
  private static final int MAX = 5_000;

  /** Between two questions for the demand there is one transaction at most. */
  private static final int TRANSACTION = 10_000;

  /** Characters of a row. */
  private static final int TEXT = 200;

  /** Bytes: the rows of one transaction, as objects. */
  private static final long ROOM = 2L * TRANSACTION * TEXT;

  /** Longer than it is from one commit to the next. */
  private static final Duration REST = Duration.ofSeconds(3);

  // State in the temporary folder is refused.
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  private final String name = "slow-target-" + Long.toHexString(System.nanoTime());

  /**
   * @param lags offsets of the source that are not read
   * @param waiting offsets of the results that are not staged
   * @param topics bytes of the pipeline's topics
   * @param state bytes of the state directory
   */
  private record Sample(
      long second,
      Map<TopicPartition, Long> lags,
      Map<TopicPartition, Long> waiting,
      Footprint memory,
      long topics,
      long state) {
    @Override
    public String toString() {
      return "%3d s: source's lag %s, results %s, %s, topics %.1f MiB, state %.1f MiB"
          .formatted(
              second,
              lags.values(),
              waiting.values(),
              memory,
              (double) topics / Footprint.MIB,
              (double) state / Footprint.MIB);
    }
  }

  @Test
  void what_a_target_can_not_take_is_not_read_and_not_kept_in_memory() throws Exception {
    standsStill(Duration.ofSeconds(2), 3);
  }

  @Test
  @Tag("faults")
  void nor_in_three_minutes() throws Exception {
    standsStill(Duration.ofMinutes(3), 13);
  }

  @Test
  @Tag("faults")
  void or_the_run_fails_if_it_is_to_and_says_whose_fault_it_is() throws Exception {
    String database = PostgresServer.newSchema();
    try (DatabaseProxy proxy = new DatabaseProxy(database, what -> {})) {
      Path pipeline = pipeline(proxy.through(database), "max: 5000, overflow: fail, patience: 5s");
      try (ForkedTidemill running = start(pipeline)) {
        running.awaitErr("elected, loading from");
        proxy.down();
        Tidemill.Outcome end = running.awaitEnd();
        assertThat(end.exitCode()).as(end.err()).isEqualTo(3);
        assertThat(end.err())
            .containsPattern(
                "Source numbers has waited for 5s: postgres:numbers, [0-9,]+ records behind in "
                    + topics().results());
      }
      proxy.up();
      try (ForkedTidemill again = start(pipeline)) {
        Tidemill.Outcome end = again.awaitEnd();
        assertThat(end.exitCode()).as(end.err()).isZero();
      }
    }
    assertAllIsThere(database);
  }

  private void standsStill(Duration howLong, int looks) throws Exception {
    Topics topics = topics();
    String database = PostgresServer.newSchema();
    try (DatabaseProxy proxy = new DatabaseProxy(database, what -> {});
        Admin admin =
            Admin.create(Map.of("bootstrap.servers", SharedCluster.settings().brokers()));
        ForkedTidemill running =
            start(pipeline(proxy.through(database), "max: " + MAX + ", min: 0"))) {
      running.awaitErr("elected, loading from");
      proxy.down();
      running.awaitErr(" %, waits for postgres:numbers, "); // the line of progress
      awaitRest(running, admin, topics);
      List<Sample> series = new ArrayList<>();
      long began = System.nanoTime();
      for (int look = 0; look < looks; look++) {
        long due = howLong.toNanos() * look / (looks - 1);
        running.await("it is time to look", () -> System.nanoTime() - began >= due);
        series.add(sample(System.nanoTime() - began, admin, topics, running));
      }
      series.forEach(System.out::println);
      assertThat(metrics(running))
          .containsPattern(
              "tidemill_extract_behind_records\\{holder=\"postgres:numbers\",.*} [1-9]");
      assertHeldBack(series);
      proxy.up();
      Tidemill.Outcome end = running.awaitEnd();
      assertThat(end.exitCode()).as(end.err()).isZero();
    }
    assertAllIsThere(database);
  }

  private static void assertAllIsThere(String database) {
    assertThat(Table.query(database, "SELECT COUNT(*), COUNT(DISTINCT id) FROM numbers"))
        .containsExactly(List.of((long) ROWS, (long) ROWS));
  }

  private Topics topics() {
    return new Topics(name);
  }

  private static void assertHeldBack(List<Sample> series) {
    Sample first = series.get(0);
    for (Sample now : series) {
      assertThat(now.lags().values())
          .as("lag of each partition of the source")
          .allMatch(lag -> lag <= MAX + TRANSACTION);
      assertThat(now.waiting().values())
          .as("results on their way, in each partition")
          .allMatch(results -> results <= MAX + TRANSACTION + MAX);
      assertThat(now.memory().heap())
          .as("bytes that live in the heap")
          .isLessThan(first.memory().heap() + ROOM);
      assertThat(now.memory().resident())
          .as("resident bytes")
          .isLessThan(first.memory().resident() * 5 / 4);
      assertThat(now.topics()).as("bytes in topics").isLessThan(first.topics() + ROOM);
      assertThat(now.state()).as("bytes of state").isLessThan(first.state() + ROOM);
    }
  }

  private Sample sample(long nanos, Admin admin, Topics topics, ForkedTidemill running)
      throws Exception {
    return new Sample(
        Duration.ofNanos(nanos).toSeconds(),
        behind(admin, topics.source("numbers"), topics.applicationId()),
        behind(admin, topics.results(), topics.loaderGroup("postgres:numbers")),
        Footprint.of(running),
        size(admin, topics),
        size(folder.resolve("state")));
  }

  /** What was read may still be on its way to the results, for a commit or two. */
  private static void awaitRest(ForkedTidemill running, Admin admin, Topics topics) {
    AtomicReference<Object> before = new AtomicReference<>();
    AtomicLong since = new AtomicLong();
    running.await(
        "nothing moves any more",
        () -> {
          Object now =
              List.of(
                  behind(admin, topics.source("numbers"), topics.applicationId()),
                  behind(admin, topics.results(), topics.loaderGroup("postgres:numbers")));
          if (!now.equals(before.getAndSet(now))) {
            since.set(System.nanoTime());
          }
          return System.nanoTime() - since.get() > REST.toNanos();
        });
  }

  private static Map<TopicPartition, Long> behind(Admin admin, String topic, String group) {
    List<TopicPartition> partitions =
        TestClients.get(admin.describeTopics(List.of(topic)).allTopicNames())
            .get(topic)
            .partitions()
            .stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
    Map<TopicPartition, OffsetAndMetadata> read =
        TestClients.get(
                admin
                    .listConsumerGroupOffsets(Map.of(group, new ListConsumerGroupOffsetsSpec()))
                    .all())
            .get(group);
    Map<TopicPartition, Long> behind =
        new TreeMap<>(Comparator.comparingInt(TopicPartition::partition));
    TestClients.get(
            admin
                .listOffsets(
                    partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())))
                .all())
        .forEach(
            (partition, end) -> {
              OffsetAndMetadata committed = read.get(partition);
              behind.put(partition, end.offset() - (committed == null ? 0 : committed.offset()));
            });
    return behind;
  }

  private static long size(Admin admin, Topics topics) {
    return TestClients.get(admin.describeLogDirs(Set.of(1)).allDescriptions()).values().stream()
        .flatMap(broker -> broker.values().stream())
        .flatMap(folder -> folder.replicaInfos().entrySet().stream())
        .filter(replica -> replica.getKey().topic().startsWith(topics.applicationId()))
        .mapToLong(replica -> replica.getValue().size())
        .sum();
  }

  private static long size(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.mapToLong(file -> file.toFile().isFile() ? file.toFile().length() : 0).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ForkedTidemill start(Path pipeline) throws IOException {
    ServerSettings shared = SharedCluster.settings();
    Path server =
        Files.writeString(
            folder.resolve("server.yaml"),
            "brokers: %s\nregistry: %s\nstate-dir: state\nreplication-factor: 1\n"
                .formatted(shared.brokers(), shared.registry()));
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    return ForkedTidemill.start(
        List.of("-Djava.io.tmpdir=" + temporary),
        "run",
        pipeline,
        "--config",
        server,
        "--until-complete",
        "--port",
        0);
  }

  private static String metrics(ForkedTidemill running) throws Exception {
    Matcher url = Pattern.compile("Answering at (http://\\S+)").matcher(running.err());
    assertThat(url.find()).isTrue();
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url.group(1)).resolve("/metrics")).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static String text(Random random) {
    return random
        .ints(TEXT, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private Path pipeline(String url, String demand) throws IOException {
    Random random = new Random(5); // else the topics have next to nothing in them
    Files.writeString(
        folder.resolve("numbers.csv"),
        IntStream.range(0, ROWS)
            .mapToObj(
                i ->
                    i
                        + ","
                        + BEGIN.plusMillis(i * (60_000L / A_MINUTE))
                        + ","
                        + text(random)
                        + "\n")
            .collect(Collectors.joining("", "id,at,text\n", "")));
    Files.writeString(
        folder.resolve("number.avsc"),
        """
        {"type": "record", "name": "Number", "fields": [
          {"name": "id", "type": "long"},
          {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
          {"name": "text", "type": "string"}]}
        """);
    return Files.writeString(
        folder.resolve("slow.yaml"),
        """
        pipeline: %s
        batch: {every: 1m}
        sources:
          numbers:
            file: {path: numbers.csv, format: csv, partitions: %d}
            schema: number.avsc
            event-time: at
            demand: {%s}
        sql: SELECT id, text FROM numbers
        load:
          - postgres: {url: "%s", table: numbers}
        """
            .formatted(name, PARTITIONS, demand, url));
  }
}
