package dev.tidemill.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cli.SharedCluster;
import dev.tidemill.cli.Table;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.extract.ExtractorProgress;
import dev.tidemill.load.PostgresServer;
import dev.tidemill.schema.ConfluentRegistry;
import dev.tidemill.server.PipelineRun;
import dev.tidemill.server.RunProgress;
import dev.tidemill.sql.CompiledPipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A target stands still: with {@code demand}, neither of the topics before it fills up. */
@Timeout(600)
final class SlowTargetTest {
  private static final int ROWS = 60_000;
  private static final int A_MINUTE = 1_000;
  private static final Instant BEGIN = Instant.parse("2026-01-05T10:00:00Z");
  private static final int PARTITIONS = 2;
  private static final int MAX = 5_000;

  /** Between two questions for the demand there is one transaction at most. */
  private static final int TRANSACTION = 10_000;

  @TempDir private Path folder;

  @Test
  void what_a_target_can_not_take_is_not_read() throws Exception {
    standsStill(Duration.ofSeconds(3));
  }

  @Test
  @Tag("faults")
  void nor_in_three_minutes() throws Exception {
    standsStill(Duration.ofMinutes(3));
  }

  private void standsStill(Duration howLong) throws Exception {
    String database = PostgresServer.newSchema();
    try (DatabaseProxy proxy = new DatabaseProxy(database, what -> {})) {
      CompiledPipeline pipeline = pipeline(proxy.through(database));
      ServerSettings server = server();
      try (ConfluentRegistry registry = new ConfluentRegistry(server.registry());
          PipelineRun run = new PipelineRun(pipeline, server, registry, Clock.systemUTC())) {
        run.start();
        proxy.down();
        RunProgress still = awaitRest(run, howLong);
        assertThat(still.rowsExtracted()).isLessThan(ROWS);
        assertThat(still.rowsExtracted() - still.accountedFor())
            .as("rows that the pipeline has not read")
            .isLessThanOrEqualTo(PARTITIONS * (long) MAX + TRANSACTION);
        assertThat(records(pipeline.definition().topics().results()))
            .as("results on their way")
            .isLessThan(PARTITIONS * (2L * MAX) + 2L * TRANSACTION);
        proxy.up();
        RunProgress done = await(run, RunProgress::isComplete);
        assertThat(done.extracted()).allMatch(ExtractorProgress::ended);
        assertThat(done.isBalanced()).isTrue();
      }
    }
    assertThat(Table.query(database, "SELECT COUNT(*), COUNT(DISTINCT id) FROM numbers"))
        .containsExactly(List.of((long) ROWS, (long) ROWS));
  }

  private static RunProgress await(PipelineRun run, Predicate<RunProgress> condition) {
    RunProgress progress = run.progress(Duration.ofMillis(50));
    while (!condition.test(progress)) {
      progress = run.progress(Duration.ofMillis(50));
    }
    return progress;
  }

  /** Waits until nothing was extracted for so long, since the extractor waits. */
  private static RunProgress awaitRest(PipelineRun run, Duration howLong) {
    RunProgress rest = run.progress(Duration.ofMillis(50));
    long since = System.nanoTime();
    while (System.nanoTime() - since < howLong.toNanos()) {
      RunProgress now = run.progress(Duration.ofMillis(50));
      if (!now.extracted().get(0).waits() || now.rowsExtracted() > rest.rowsExtracted()) {
        since = System.nanoTime();
      }
      rest = now;
    }
    return rest;
  }

  private ServerSettings server() {
    ServerSettings shared = SharedCluster.settings();
    return new ServerSettings(
        shared.brokers(), shared.registry(), folder.resolve("state"), Map.of(), (short) 1);
  }

  private CompiledPipeline pipeline(String url) throws IOException {
    Files.writeString(
        folder.resolve("numbers.csv"),
        IntStream.range(0, ROWS)
            .mapToObj(i -> i + "," + BEGIN.plusMillis(i * (60_000L / A_MINUTE)) + "\n")
            .collect(Collectors.joining("", "id,at\n", "")));
    Files.writeString(
        folder.resolve("number.avsc"),
        """
        {"type": "record", "name": "Number", "fields": [
          {"name": "id", "type": "long"},
          {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}}]}
        """);
    Path file =
        Files.writeString(
            folder.resolve("slow.yaml"),
            """
            pipeline: slow-target-%s
            batch: {every: 1m}
            sources:
              numbers:
                file: {path: numbers.csv, format: csv, partitions: %d}
                schema: number.avsc
                event-time: at
                demand: {max: %d}
            sql: SELECT id FROM numbers
            load:
              - postgres: {url: "%s", table: numbers}
            """
                .formatted(Long.toHexString(System.nanoTime()), PARTITIONS, MAX, url));
    CompiledPipeline.Checked checked = CompiledPipeline.check(file, variable -> null);
    return checked.pipeline().orElseThrow(() -> new AssertionError(checked.problems().toString()));
  }

  private static long records(String topic) {
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of("bootstrap.servers", SharedCluster.settings().brokers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      return consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
    }
  }
}
