package dev.tidemill.topology;

import dev.tidemill.schema.Headers;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until extractors have published whole tables, so that no record of a stream comes before
 * the rows that it looks for. An extractor says so at the end of each partition.
 */
final class TableLoads {
  private static final Logger log = LoggerFactory.getLogger(TableLoads.class);

  private static final Duration POLL = Duration.ofMillis(200);

  /** The mark itself and the ends of transactions behind it. */
  private static final long BEFORE_END = 10;

  private final Consumer<byte[], byte[]> consumer;
  private final Set<TopicPartition> waited = new HashSet<>();

  /**
   * @param consumer reads committed records; for this alone
   */
  TableLoads(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
    this.consumer = consumer;
    this.waited.addAll(partitions);
  }

  /**
   * @param published whether the ends count; until then they may be those of an earlier time
   * @return whether they are all there; false if it was told to stop
   */
  boolean await(BooleanSupplier published, BooleanSupplier stopped) {
    Set<TopicPartition> told = Set.of();
    while (!waited.isEmpty() && !stopped.getAsBoolean()) {
      if (!told.equals(waited)) {
        told = Set.copyOf(waited);
        log.info("Waiting until tables are published to their end: {}", told);
      }
      if (!published.getAsBoolean()) {
        LockSupport.parkNanos(POLL.toNanos());
        continue;
      }
      consumer.assign(waited);
      Map<TopicPartition, Long> ends = consumer.endOffsets(waited);
      ends.forEach((partition, end) -> consumer.seek(partition, Math.max(0, end - BEFORE_END)));
      Set<TopicPartition> whole = new HashSet<>();
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (record.headers().lastHeader(Headers.END_OF_INPUT) != null) {
          whole.add(partition);
        } else {
          whole.remove(partition);
        }
      }
      waited.removeAll(whole);
    }
    return waited.isEmpty();
  }
}
