package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many stores take as much memory together as the server settings say, and not each. */
@ExtendWith(Cluster.Shared.class)
class StateMemoryTest {
  private static final long LIMIT = 16 << 20; // bytes
  private static final int SHARES = 8;
  private static final int GROUPS = 20_000;
  private static final int SLICE = 5_000;
  private static final String KILOBYTE = "k".repeat(1_000);

  @Test
  void stores_that_hold_more_than_the_limit_stay_within_it(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(SHARES))) {
      Instance instance = pipeline.startWithMemory("a", LIMIT).running();
      long most = 0;
      for (int from = 0; from < GROUPS; from += SLICE) {
        for (int i = from; i < from + SLICE; i++) {
          // Written first, the number keeps RocksDB from storing the rest of the key once only.
          byte[] event = pipeline.bytes(Event.of("2024-03-10T05:10:00", i + KILOBYTE));
          pipeline.send(new ProducerRecord<>(pipeline.source(), i % SHARES, null, event));
        }
        pipeline.flush();
        pipeline.awaitAccounted();
        most = Math.max(most, instance.ofEachStore("block-cache-usage").get(0));

        assertThat(sum(instance, "size-all-mem-tables")).as("unwritten").isLessThan(LIMIT);
      }

      assertThat(sum(instance, "live-sst-files-size") + sum(instance, "size-all-mem-tables"))
          .as("all that they hold")
          .isGreaterThan(LIMIT);
      assertThat(instance.ofEachStore("block-cache-capacity"))
          .as("the stores have one cache")
          .hasSizeGreaterThan(2 * SHARES)
          .containsOnly(LIMIT);
      // Blocks, indexes, filters and what is unwritten, of all stores.
      assertThat(most).isBetween(LIMIT / 4, LIMIT);
    }
  }

  private static long sum(Instance instance, String metric) {
    return instance.ofEachStore(metric).stream().mapToLong(Long::longValue).sum();
  }
}
