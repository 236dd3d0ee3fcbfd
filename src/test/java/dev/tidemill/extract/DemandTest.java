package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.batch.FiringPolicy;
import dev.tidemill.batch.FixedSchedule;
import dev.tidemill.batch.TestClock;
import dev.tidemill.cli.Await;
import dev.tidemill.cli.SharedCluster;
import dev.tidemill.definition.Demand;
import dev.tidemill.definition.ExtractSettings;
import dev.tidemill.definition.Publishing;
import dev.tidemill.definition.Rate;
import dev.tidemill.definition.ScheduleDefinition;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.events.CollectedEvents;
import dev.tidemill.extract.ScheduledRun.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How far an extractor goes ahead, whom it waits for, and how long. */
@Timeout(60)
class DemandTest {
  private static final String SOURCE = "numbers";
  private static final String TARGET = "postgres:daily";
  private static final Timing NOW = Timing.startingNow(Clock.systemUTC());

  private Numbers numbers;

  @BeforeEach
  void name(TestInfo test) {
    String name = test.getTestMethod().orElseThrow().getName();
    numbers = new Numbers(name, SharedCluster.brokers(), Duration.ofSeconds(10));
  }

  private static void await(String what, BooleanSupplier condition) {
    Await.until(what, Duration.ofSeconds(20), condition);
  }

  private static SourceDefinition source(Demand demand) {
    return source(demand, Optional.empty());
  }

  private static SourceDefinition source(Demand demand, Optional<ScheduleDefinition> schedule) {
    return Numbers.source(
        SOURCE,
        Path.of("unused"),
        new Publishing(2, Optional.of(demand), Optional.empty(), Optional.empty(), schedule));
  }

  private Extractor extractor(Demand demand, int rows) {
    return numbers.extractor(
        source(demand), new NumbersFeed(rows, number -> {}), NOW, List.of(TARGET));
  }

  private static Backlog waiting(Extractor extractor) {
    await("it waits", () -> extractor.progress().waitsFor().isPresent());
    return extractor.progress().waitsFor().orElseThrow();
  }

  /** Committed by hand here: what a group does after it has read everything. */
  private void readAll(String group, String topic) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", SharedCluster.brokers()))) {
      Map<TopicPartition, OffsetSpec> latest =
          TestClients.get(admin.describeTopics(List.of(topic)).allTopicNames())
              .get(topic)
              .partitions()
              .stream()
              .collect(
                  Collectors.toMap(
                      partition -> new TopicPartition(topic, partition.partition()),
                      partition -> OffsetSpec.latest()));
      Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
      TestClients.get(admin.listOffsets(latest).all())
          .forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end.offset())));
      TestClients.get(admin.alterConsumerGroupOffsets(group, ends).all());
    }
  }

  private void pipelineReadsAll() {
    readAll(numbers.topics().applicationId(), numbers.topics().source(SOURCE));
  }

  private Collection<Long> bytesInPartitions() {
    return TestClients.settled(SharedCluster.brokers(), numbers.topics().source(SOURCE)).stream()
        .collect(
            Collectors.groupingBy(
                ConsumerRecord::partition, Collectors.summingLong(DemandTest::size)))
        .values();
  }

  private static long size(ConsumerRecord<byte[], byte[]> record) {
    long bytes = record.value().length + (record.key() == null ? 0 : record.key().length);
    for (Header header : record.headers()) {
      bytes += header.key().length() + header.value().length;
    }
    return bytes;
  }

  @Test
  void in_bytes_it_counts_what_is_not_read_whoever_has_published_it() {
    int most = 600;
    Demand demand = new Demand(1_000_000, 999_999, OptionalLong.of(most), Optional.empty());
    int rows;
    try (Extractor first = extractor(demand, 200)) {
      first.start();
      Backlog backlog = waiting(first);
      assertThat(backlog.holder()).isEqualTo(Backlog.PIPELINE);
      assertThat(backlog.bytes().orElseThrow())
          .isEqualTo(bytesInPartitions().stream().mapToLong(Long::longValue).max().orElseThrow())
          .as("a transaction of three rows more, at most")
          .isBetween((long) most, most + 3L * 60);
    }
    rows = numbers.published(SOURCE).size();
    assertThat(rows).isBetween(10, 199);
    try (Extractor second = extractor(demand, 200)) {
      second.start();
      waiting(second);
      assertThat(numbers.published(SOURCE)).as("nothing was added").hasSize(rows);
      pipelineReadsAll();
      await("it goes on", () -> numbers.published(SOURCE).size() > rows);
    }
  }

  @Test
  void in_bytes_it_counts_results_that_are_still_there() {
    String results = numbers.topics().results();
    TestClients.createTopic(SharedCluster.brokers(), results, 1);
    String[] rows = new String[100];
    Arrays.fill(rows, "x".repeat(100));
    TestClients.send(SharedCluster.brokers(), results, rows);
    deleteBefore(results, 30);
    Demand demand = new Demand(1_000_000, 999_999, OptionalLong.of(6_000), Optional.empty());
    try (Extractor extractor = extractor(demand, 20)) {
      extractor.start();
      assertThat(waiting(extractor))
          .isEqualTo(
              new Backlog(TARGET, new TopicPartition(results, 0), 0, OptionalLong.of(7_000)));
    }
  }

  /** A pipeline that has read nothing since its start commits no offset behind such rows. */
  @Test
  void rows_of_an_aborted_transaction_are_nothing_to_wait_for() throws Exception {
    String topic = numbers.topics().source(SOURCE);
    TestClients.createTopic(SharedCluster.brokers(), topic, 2);
    int rows = 0;
    for (Demand demand :
        List.of(
            new Demand(300, 200),
            new Demand(1_000_000, 999_999, OptionalLong.of(6_000), Optional.empty()))) {
      abort(topic, 1_000);
      rows += 20;
      try (Extractor extractor = extractor(demand, rows)) {
        extractor.start();
        assertThat(extractor.await(Duration.ofSeconds(20))).isTrue();
      }
      pipelineReadsAll();
    }
    assertThat(numbers.published(SOURCE)).isEqualTo(Numbers.upTo(rows));
  }

  private static void abort(String topic, int rows) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", SharedCluster.brokers(), "transactional.id", topic);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      for (int i = 0; i < rows; i++) {
        producer.send(new ProducerRecord<>(topic, i % 2, null, new byte[100]));
      }
      producer.flush();
      producer.abortTransaction();
    }
  }

  @Test
  void results_that_are_deleted_are_nothing_to_wait_for() throws Exception {
    String results = numbers.topics().results();
    TestClients.createTopic(SharedCluster.brokers(), results, 1);
    String[] rows = new String[500];
    Arrays.fill(rows, "row");
    TestClients.send(SharedCluster.brokers(), results, rows);
    deleteBefore(results, 300);
    try (Extractor extractor = extractor(new Demand(300, 200), 20)) {
      extractor.start();
      assertThat(extractor.await(Duration.ofSeconds(20))).isTrue();
    }
  }

  private static void deleteBefore(String topic, long offset) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", SharedCluster.brokers()))) {
      TestClients.get(
          admin
              .deleteRecords(
                  Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(offset)))
              .all());
    }
  }

  @Test
  void it_says_which_target_it_waits_for_and_how_far_that_is_behind() throws Exception {
    String results = numbers.topics().results();
    TestClients.createTopic(SharedCluster.brokers(), results, 1);
    TestClients.send(
        SharedCluster.brokers(),
        results,
        IntStream.range(0, 500).mapToObj(i -> "row").toArray(String[]::new));
    CollectedEvents told = new CollectedEvents();
    numbers.events().subscribe("extract", told);
    try (Extractor extractor = extractor(new Demand(300, 200), 20)) {
      extractor.start();
      Backlog backlog = waiting(extractor);
      assertThat(backlog.holder()).isEqualTo(TARGET);
      assertThat(backlog.records()).isEqualTo(400); // a hundred may be marks
      assertThat(backlog).hasToString("postgres:daily, 400 records behind");
      assertThat(told.await("extract.waiting").metadata())
          .containsEntry("holder", TARGET)
          .containsEntry("partition", results + "-0")
          .containsEntry("behind", "400");
      assertThat(numbers.published(SOURCE)).isEmpty();
      readAll(numbers.topics().loaderGroup(TARGET), results);
      assertThat(extractor.await(Duration.ofSeconds(20))).isTrue();
    }
    assertThat(numbers.published(SOURCE)).isEqualTo(Numbers.upTo(20));
  }

  private static Demand impatient() {
    return new Demand(5, 0, OptionalLong.empty(), Optional.of(Duration.ofMillis(300)));
  }

  @Test
  void if_it_is_to_fail_it_does_so_after_its_patience_and_the_next_start_goes_on()
      throws Exception {
    try (Extractor extractor = extractor(impatient(), 20)) {
      extractor.start();
      assertThatThrownBy(() -> extractor.await(Duration.ofSeconds(20)))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("Source numbers has waited for 0.3s: the pipeline, ")
          .hasMessageContaining(" records behind in " + numbers.topics().source(SOURCE) + "-");
    }
    assertThat(numbers.published(SOURCE)).hasSizeBetween(5, 19);
    pipelineReadsAll();
    try (Extractor extractor = extractor(new Demand(100, 0), 20)) {
      extractor.start();
      assertThat(extractor.await(Duration.ofSeconds(20))).isTrue();
    }
    assertThat(numbers.published(SOURCE)).isEqualTo(Numbers.upTo(20));
  }

  @Test
  void a_scheduled_run_fails_by_it_and_no_try_of_it_publishes_more() {
    Instant start = Instant.parse("2026-03-01T00:00:00.500Z");
    TestClock clock = new TestClock(start);
    FiringPolicy twice =
        new FiringPolicy(
            FiringPolicy.Overlap.SKIP,
            FiringPolicy.Misfire.ONCE,
            100,
            Optional.empty(),
            1,
            Duration.ofMillis(1),
            Duration.ZERO,
            0);
    ScheduleDefinition schedule =
        new ScheduleDefinition(
            "1s", Optional.of(FixedSchedule.every(Duration.ofSeconds(1))), ZoneOffset.UTC, twice);
    ScheduleCommands commands =
        new ScheduleCommands(numbers.topics(), numbers.server(), Clock.systemUTC());
    try (Extractor extractor =
        numbers.extractor(
            source(impatient(), Optional.of(schedule)),
            new NumbersFeed(20, number -> {}),
            Timing.startingNow(clock))) {
      extractor.start();
      clock.set(start.plusSeconds(1));
      await("the first try has failed", () -> outcomes(commands, Outcome.FAILED) == 1);
      int rows = numbers.published(SOURCE).size();
      assertThat(rows).isBetween(5, 19);
      clock.set(start.plusMillis(1_300));
      await("the second one, too", () -> outcomes(commands, Outcome.FAILED) == 2);
      assertThat(numbers.published(SOURCE)).hasSize(rows);
      assertThat(commands.schedules().get(0).runs().get(0).error().orElseThrow())
          .contains("the pipeline, ", " records behind");
      assertThat(extractor.failure()).isEmpty();
      pipelineReadsAll();
      clock.set(start.plusSeconds(2));
      await("the next one goes on", () -> numbers.published(SOURCE).size() > rows);
    }
  }

  private static long outcomes(ScheduleCommands commands, Outcome outcome) {
    return commands.schedules().stream()
        .flatMap(schedule -> schedule.runs().stream())
        .filter(run -> run.outcome() == outcome)
        .count();
  }

  @Test
  void extractors_of_one_process_keep_its_rate_together(@TempDir Path folder) throws Exception {
    int aSecond = 400;
    Path file =
        Files.writeString(
            folder.resolve("numbers.csv"),
            IntStream.range(0, 600)
                .mapToObj(String::valueOf)
                .collect(Collectors.joining("\n", "number\n", "\n")));
    Numbers limited =
        new Numbers(
            numbers.topics(),
            numbers
                .server()
                .withExtract(
                    new ExtractSettings(
                        List.of(), Optional.of(new Rate(aSecond, Duration.ofSeconds(1))))),
            numbers.events());
    List<SourceDefinition> sources =
        List.of(
            Numbers.source("left", file, Publishing.to(1)),
            Numbers.source("right", file, Publishing.to(1)));
    long began = System.nanoTime();
    try (Extractors extractors =
        new Extractors(limited.extraction(List.of()), sources, Clock.systemUTC())) {
      extractors.check();
      extractors.start();
      await(
          "all is published",
          () -> sources.stream().allMatch(source -> extractors.progress(source.name()).ended()));
    }
    // Of the first 400 rows of each, one's are waited for by a second, and the other's by two.
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(1_900));
    assertThat(numbers.published("left")).isEqualTo(Numbers.upTo(600));
    assertThat(numbers.published("right")).isEqualTo(Numbers.upTo(600));
  }
}
