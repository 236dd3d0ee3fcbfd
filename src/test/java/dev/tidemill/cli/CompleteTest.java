package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.CloseReason;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.definition.Topics;
import dev.tidemill.schema.ConfluentRegistry;
import dev.tidemill.server.PipelineRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code complete-after}: batches close since the extractor says that nothing is missing. */
@Timeout(120)
final class CompleteTest {
  private static final String DAY = "2001-01-01T05:00:00Z";

  @TempDir private Path folder;

  @Test
  void a_day_closes_without_a_later_record_and_without_silence() throws Exception {
    Project project =
        Project.in(folder)
            .withOwnName()
            .from(
                "file: {path: \"data/*.csv\", format: csv, watch: 100ms}\n"
                    + "    complete-after: 1h")
            .idleAfter("100d")
            .intoDuckDb()
            .data("a.csv", Project.HEADER + "2001/01/01 08:00,10,100,JFK,BOS\n");
    var settings = SharedCluster.settings();
    try (ConfluentRegistry registry = new ConfluentRegistry(settings.registry());
        PipelineRun run =
            new PipelineRun(
                Definitions.read(List.of(project.pipeline()), new PrintWriter(System.err, true))
                    .orElseThrow()
                    .get(0),
                settings,
                registry,
                Clock.systemUTC())) {
      run.start();
      LedgerEntry first = await(run, 1);
      assertThat(first.closeReason()).contains(CloseReason.COMPLETE);

      project.data("b.csv", Project.HEADER + "2001/01/01 07:00,20,100,JFK,BOS\n");
      LedgerEntry second = await(run, 2);
      assertThat(second.books().late()).as("the clock did not move by it").isZero();
      assertThat(second.books().accepted()).isEqualTo(2);
    }
    assertThat(
            Table.query(
                project.warehouseUrl(), "SELECT origin, departures, attempt FROM departures"))
        .containsExactly(List.of("JFK", 2L, 2L));
  }

  @Test
  void a_record_of_somebody_else_in_an_extracted_topic_holds_back_what_it_may_be_in()
      throws Exception {
    Project project =
        Project.in(folder)
            .withOwnName()
            .from("file: {path: \"data/*.csv\", format: csv, partitions: 1}")
            .intoDuckDb()
            .data("a.csv", Project.HEADER + "2001/01/01 08:00,10,100,JFK,BOS\n");
    String topic = new Topics(project.name()).source("flights");
    Map<String, Object> clients = Map.of("bootstrap.servers", SharedCluster.settings().brokers());
    try (Admin admin = Admin.create(clients)) {
      admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
          .all()
          .get();
    }
    try (var producer =
        new KafkaProducer<>(clients, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, 0, null, new byte[] {1})).get();
    }
    Tidemill.Outcome outcome =
        Tidemill.run(
            "run",
            project.pipeline(),
            "--config",
            SharedCluster.server(project),
            "--until-complete");
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(1);
    assertThat(outcome.out())
        .contains(topic + "-0: 1 records were extracted, but 2 read: something else writes there")
        .contains("NOT every batch is loaded with balanced books");
    assertThat(Table.query(project.warehouseUrl(), "SELECT COUNT(*) FROM departures"))
        .containsExactly(List.of(0L));
  }

  private static LedgerEntry await(PipelineRun run, int attempt) {
    Optional<LedgerEntry> loaded = Optional.empty();
    while (loaded.isEmpty()) {
      loaded =
          run.progress(Duration.ofMillis(100)).entries().stream()
              .filter(entry -> entry.batch().id().equals(DAY))
              .filter(entry -> entry.state() == BatchState.LOADED && entry.attempt() == attempt)
              .findFirst();
    }
    return loaded.get();
  }
}
