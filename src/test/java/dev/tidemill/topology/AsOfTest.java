package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.batch.JoinCount;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.TestClock;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.embedded.TestClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A table as it was, on a real broker. */
@ExtendWith(Cluster.Shared.class)
class AsOfTest {
  private static final Duration FOREVER = Duration.ofDays(3000);
  private static final String DAY = "2024-03-10T";

  private static final Spec SPEC =
      Spec.sums(1)
          .soonIdle()
          .sql(
              "SELECT e.k, e.amount, r.amount AS rate FROM events e"
                  + " LEFT JOIN rates FOR SYSTEM_TIME AS OF e.at AS r ON e.k = r.k");

  private static void table(Cluster cluster, TestPipeline pipeline, Map<String, String> config) {
    NewTopic topic =
        new NewTopic(Spec.ratesTopic(pipeline.name()), Optional.of(1), Optional.of((short) 1));
    TestClients.createTopic(cluster.brokers(), topic.configs(config));
  }

  private static void rate(TestPipeline pipeline, String time, String currency, double rate) {
    pipeline.sendElsewhere(
        new ProducerRecord<>(
            Spec.ratesTopic(pipeline.name()),
            0,
            currency.getBytes(StandardCharsets.UTF_8),
            pipeline.bytes(Event.of(DAY + time, currency, rate))));
  }

  private static void awaitRounds(TestClock clock) {
    long before = clock.looks();
    Await.until("the ends were asked for again", () -> clock.looks() > before + 8, () -> "");
  }

  @Test
  void a_record_waits_until_the_table_knows_its_time_also_over_a_restart(Cluster cluster) {
    TestClock clock = new TestClock(Instant.parse(DAY + "05:41:00Z"));
    try (TestPipeline pipeline = new TestPipeline(cluster, SPEC.rates(FOREVER))) {
      table(cluster, pipeline, Map.of());
      rate(pipeline, "05:00:00", "eur", 1);
      rate(pipeline, "05:30:00", "usd", 10);
      pipeline.write(
          0,
          Event.of(DAY + "04:59:59", "eur", 100),
          Event.of(DAY + "05:10:00", "eur", 101),
          Event.of(DAY + "05:40:00", "usd", 102),
          Event.of(DAY + "05:20:00", "eur", 103));
      Instance first = pipeline.start(clock);
      pipeline.await("the first two are read", e -> pipeline.view().accountedFor() == 2);
      first.close();

      rate(pipeline, "05:15:00", "eur", 2); // late: it counts from the table's clock on, 05:30
      pipeline.start(clock);
      rate(pipeline, "05:35:00", "usd", 11);
      rate(pipeline, "05:40:00", "usd", 12);
      awaitRounds(clock);
      pipeline.entries();
      assertThat(pipeline.view().accountedFor())
          .as("a version of 05:40 can still come")
          .isEqualTo(2);

      rate(pipeline, "05:40:00.001", "eur", 3);
      pipeline.awaitAccounted();
      clock.set(Instant.parse(DAY + "08:00:00Z"));
      pipeline.awaitPublished();

      assertThat(pipeline.rows(DAY + "04:00:00")).containsExactly("[eur, 100.0, null]");
      assertThat(pipeline.rows(DAY + "05:00:00"))
          .containsExactly("[eur, 101.0, 1.0]", "[eur, 103.0, 1.0]", "[usd, 102.0, 12.0]");
    }
  }

  @Test
  void it_waits_no_longer_than_the_table_says(Cluster cluster) {
    TestClock clock = new TestClock(Instant.parse(DAY + "05:40:04Z"));
    try (TestPipeline pipeline = new TestPipeline(cluster, SPEC.rates(Duration.ofSeconds(5)))) {
      table(cluster, pipeline, Map.of());
      rate(pipeline, "05:00:00", "eur", 1);
      pipeline.write(
          0, Event.of(DAY + "04:59:59", "eur", 99), Event.of(DAY + "05:40:00", "eur", 100));
      pipeline.start(clock).close();
      Instance instance = pipeline.start(clock);
      pipeline.await("the first one is read", e -> pipeline.view().accountedFor() == 1);
      awaitRounds(clock);
      pipeline.entries();
      assertThat(pipeline.view().accountedFor()).isEqualTo(1);

      clock.set(Instant.parse(DAY + "05:40:05Z"));
      pipeline.awaitAccounted();
      rate(pipeline, "05:39:59", "eur", 2);
      Await.until(
          "the version that came too late is told",
          () -> instance.missedTableVersions() == 1,
          () -> "");
      clock.set(Instant.parse(DAY + "08:00:00Z"));
      List<LedgerEntry> ledger = pipeline.awaitPublished();

      assertThat(pipeline.rows(DAY + "05:00:00")).containsExactly("[eur, 100.0, 1.0]");
      assertThat(ledger)
          .extracting(entry -> entry.joins().get("rates"))
          .startsWith(new JoinCount(0, 1, 0), new JoinCount(1, 0, 1));
    }
  }

  @Test
  void a_topic_that_loses_versions_is_refused_with_what_to_do(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, SPEC.rates(FOREVER))) {
      table(cluster, pipeline, Map.of("cleanup.policy", "compact"));
      assertThatThrownBy(pipeline::start)
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("table 'rates', topic " + Spec.ratesTopic(pipeline.name()))
          .hasMessageContaining("min.compaction.lag.ms=604800000");
    }
    try (TestPipeline pipeline = new TestPipeline(cluster, SPEC.rates(Duration.ZERO))) {
      table(
          cluster,
          pipeline,
          Map.of("cleanup.policy", "compact", "min.compaction.lag.ms", "604800000"));
      rate(pipeline, "05:00:00", "eur", 1);
      pipeline.write(0, Event.of(DAY + "05:40:00", "eur", 100));
      pipeline.start();
      pipeline.awaitPublished();
    }
  }
}
