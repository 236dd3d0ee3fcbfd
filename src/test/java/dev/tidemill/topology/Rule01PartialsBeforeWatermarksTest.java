package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.LedgerEntry;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Partials before watermarks: no share closes a batch before it has everything of it. */
@ExtendWith(Cluster.Shared.class)
class Rule01PartialsBeforeWatermarksTest {

  private static Event[] hours(String key) {
    Event[] events = new Event[12];
    for (int i = 0; i < events.length; i++) {
      events[i] = Event.of("2024-03-10T%02d:%02d:00".formatted(i, i), key + i % 3);
    }
    return events;
  }

  @Test
  void no_partial_of_a_batch_comes_behind_the_watermark_that_closes_it(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(2))) {
      pipeline.start().running();
      // Record by record, so that the marks of one commit could overtake the partials of another.
      for (int i = 0; i < 12; i++) {
        pipeline.write(0, hours("a")[i]);
        pipeline.write(1, hours("b")[i]);
        long soFar = pipeline.written();
        if (i % 4 == 3) {
          pipeline.await("counted", e -> pipeline.view().accountedFor() == soFar);
        }
      }
      pipeline.await(
          "the hours before the last one are closed",
          entries -> entries.size() == 12 && entries.subList(0, 11).stream().allMatch(this::ready));

      Map<String, Long> clocks = new HashMap<>();
      AtomicInteger partials = new AtomicInteger();
      for (ConsumerRecord<byte[], byte[]> record : pipeline.shuffle()) {
        ShuffleMessage message = TestPipeline.message(record);
        String way = message.source() + ">" + record.partition();
        if (message instanceof ShuffleMessage.Marks marks) {
          clocks.put(way, marks.clock());
        } else if (message instanceof ShuffleMessage.Partials partial) {
          long clock = clocks.getOrDefault(way, Long.MIN_VALUE);
          partial.forEach(
              (batchStart, records, checksum, key, value) -> {
                partials.incrementAndGet();
                long end = Instant.ofEpochMilli(batchStart).plusSeconds(3600).toEpochMilli();
                assertThat(clock).as(way).isLessThan(end);
              });
        }
      }
      assertThat(partials.get()).isGreaterThanOrEqualTo(24);
      assertThat(pipeline.entries())
          .as("no batch needed a second attempt")
          .allMatch(entry -> entry.attempt() == 1);
    }
  }

  private boolean ready(LedgerEntry entry) {
    return entry.state() == BatchState.READY;
  }

  /** Would fail if Kafka stopped calling flushCache() before it commits. */
  @Test
  void what_a_commit_flushes_is_in_the_transaction_of_its_offsets(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(1).soonIdle())) {
      var deaths =
          new DyingProducers(1, pipeline.topics().shuffle(), commit -> commit.partials() > 0);
      pipeline.write(0, hours("a"));
      pipeline.start("a", Clock.systemUTC(), deaths.seams());
      pipeline.awaitPublished();

      assertThat(deaths.happened()).as("a transaction with partials died").isEqualTo(1);
      assertThat(pipeline.content().values().stream().flatMap(rows -> rows.stream()).toList())
          .hasSize(12)
          .allMatch(row -> row.endsWith(", 1, 1.0]"));
    }
  }

  @Test
  void a_process_killed_between_flush_and_commit_leaves_nothing_and_loses_nothing(Cluster cluster)
      throws Exception {
    try (TestPipeline pipeline = new TestPipeline(cluster, KilledBeforeCommit.SPEC)) {
      pipeline.write(0, hours("a"));
      assertThat(KilledBeforeCommit.run(cluster, pipeline.name(), "a"))
          .as("killed with partials in its transaction")
          .isEqualTo(KilledBeforeCommit.KILLED);
      KilledBeforeCommit.sendAwayTheDead(cluster, pipeline.topics().applicationId());

      pipeline.start("a");
      pipeline.awaitPublished();
      assertThat(pipeline.content().values().stream().flatMap(rows -> rows.stream()).toList())
          .hasSize(12)
          .allMatch(row -> row.endsWith(", 1, 1.0]"));
    }
  }
}
