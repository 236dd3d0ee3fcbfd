package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.Books;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.schema.Reject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** E13: garbage at each step of the way, a little and nothing but: exact counts, and it goes on. */
@ExtendWith(Cluster.Shared.class)
class GarbageTest {
  private static final String SQL =
      "SELECT k, COUNT(*) AS n, SUM(100 / CAST(amount AS INTEGER)) AS total,"
          + " MAX(CAST(k AS BIGINT)) AS most FROM events GROUP BY k";
  private static final String TIME = "2024-03-10T05:10:00";
  private static final Spec SPEC =
      Spec.sums(2).sql(SQL).expect("k-is-known", "k <> 'unknown'").soonIdle();

  /** One of each kind. */
  private static void garbage(TestPipeline pipeline, int partition) {
    byte[] whole = pipeline.bytes(Event.of(TIME, "7"));
    for (byte[] value :
        new byte[][] {
          "no Avro".getBytes(StandardCharsets.UTF_8),
          Arrays.copyOf(whole, whole.length - 1),
          new byte[] {0, 0x7f, 0, 0, 0, 7}, // a schema that nobody registered
          null,
          new byte[0],
        }) {
      pipeline.send(new ProducerRecord<>(pipeline.source(), partition, null, value));
    }
    pipeline.write(partition, Event.of(TIME, "unknown")); // breaks the rule
    pipeline.write(partition, Event.of(TIME, "7", 0)); // division by zero
    pipeline.write(partition, Event.of(TIME, "seven")); // cast
    pipeline.write(partition, Event.of(TIME, "7", 1e300)); // out of range
  }

  private static Map<String, Long> steps(TestPipeline pipeline) {
    return pipeline.rejects().stream()
        .collect(Collectors.groupingBy(Reject::step, TreeMap::new, Collectors.counting()));
  }

  @Test
  void one_in_a_hundred_is_garbage_and_all_others_count(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, SPEC)) {
      for (int i = 0; i < 900; i++) {
        pipeline.send(
            new ProducerRecord<>(
                pipeline.source(), i % 2, null, pipeline.bytes(Event.of(TIME, "7", 50))));
        if (i == 450) {
          garbage(pipeline, 0);
        }
      }
      pipeline.start();
      LedgerEntry entry = pipeline.awaitPublished().get(0);

      assertThat(entry.books()).isEqualTo(new Books(904, 900, 0, 4, 0, 0, 0));
      assertThat(pipeline.view().withoutBatch()).isEqualTo(5);
      assertThat(steps(pipeline)).isEqualTo(Map.of("decode", 5L, "expect", 1L, "sql", 3L));
      assertThat(pipeline.rows(TIME.replace("10:00", "00:00")))
          .containsExactly("[7, 900, 1800, 7]");
    }
  }

  @Test
  void nothing_but_garbage_is_counted_and_the_next_good_record_is_welcome(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, SPEC)) {
      for (int i = 0; i < 20; i++) {
        garbage(pipeline, i % 2);
      }
      pipeline.start();
      LedgerEntry entry = pipeline.awaitPublished().get(0);
      assertThat(entry.books()).isEqualTo(new Books(80, 0, 0, 80, 0, 0, 0));
      assertThat(entry.resultRows()).isZero();
      assertThat(pipeline.view().withoutBatch()).isEqualTo(100);
      assertThat(steps(pipeline)).isEqualTo(Map.of("decode", 100L, "expect", 20L, "sql", 60L));

      pipeline.write(0, Event.of(TIME, "7", 50));
      pipeline.awaitPublished();
      assertThat(pipeline.rows(TIME.replace("10:00", "00:00"))).containsExactly("[7, 1, 2, 7]");
    }
  }
}
