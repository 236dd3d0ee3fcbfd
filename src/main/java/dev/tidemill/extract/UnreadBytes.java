package dev.tidemill.extract;

import dev.tidemill.definition.ServerSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How many bytes lie in a partition behind an offset. Kafka knows offsets only, and sizes of whole
 * logs; so this reads what is there, once, and keeps where each part of it ends. What was read by
 * the pipeline before it is asked for is never looked at. Not thread-safe.
 */
final class UnreadBytes implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final long PATIENCE_NANOS = Duration.ofSeconds(15).toNanos();

  private final KafkaConsumer<byte[], byte[]> consumer;

  /** By partition: how many bytes there are before an offset, since counting began. */
  private final Map<TopicPartition, TreeMap<Long, Long>> counted = new HashMap<>();

  UnreadBytes(ServerSettings server) {
    Map<String, Object> settings = new HashMap<>(server.kafka());
    settings.put("bootstrap.servers", server.brokers());
    settings.put("enable.auto.commit", "false");
    settings.put("allow.auto.create.topics", "false");
    settings.put("auto.offset.reset", "earliest"); // results are deleted when all have them
    settings.put("isolation.level", "read_uncommitted"); // an aborted row takes its place, too
    settings.put("fetch.max.bytes", 4 << 20);
    this.consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * Counts up to the ends.
   *
   * @param read the first offset of each partition that somebody has not read
   * @throws TimeoutException if nothing comes for 15 s
   */
  void count(Map<TopicPartition, Long> read, Map<TopicPartition, Long> ends) {
    read.forEach(this::forgetBefore);
    List<TopicPartition> behind =
        ends.keySet().stream().filter(p -> next(p) < ends.get(p)).toList();
    consumer.assign(behind);
    behind.forEach(partition -> consumer.seek(partition, next(partition)));
    long since = System.nanoTime();
    while (behind.stream().anyMatch(partition -> next(partition) < ends.get(partition))) {
      ConsumerRecords<byte[], byte[]> some = consumer.poll(POLL);
      for (TopicPartition partition : behind) {
        long position = consumer.position(partition);
        if (position > next(partition)) {
          add(partition, position, size(some.records(partition)));
          since = System.nanoTime();
        }
      }
      if (System.nanoTime() - since > PATIENCE_NANOS) {
        throw new TimeoutException("nothing was read of " + behind + " for 15 s");
      }
    }
  }

  private void forgetBefore(TopicPartition partition, long offset) {
    TreeMap<Long, Long> totals = counted.computeIfAbsent(partition, p -> new TreeMap<>());
    if (totals.isEmpty() || totals.lastKey() < offset) {
      totals.clear();
      totals.put(offset, 0L);
    }
    Long part = totals.floorKey(offset);
    if (part != null) {
      totals.headMap(part).clear();
    }
  }

  private long next(TopicPartition partition) {
    return counted.get(partition).lastKey();
  }

  private void add(TopicPartition partition, long next, long bytes) {
    TreeMap<Long, Long> totals = counted.get(partition);
    totals.put(next, totals.lastEntry().getValue() + bytes);
  }

  private static long size(List<ConsumerRecord<byte[], byte[]>> records) {
    long bytes = 0;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      bytes += Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
      for (Header header : record.headers()) {
        bytes += header.key().length() + (header.value() == null ? 0 : header.value().length);
      }
    }
    return bytes;
  }

  /**
   * From the start of the part in which the offset is, so rather too many than too few.
   *
   * @param partition that was counted
   * @param offset of nothing that was told to be read by all
   */
  long behind(TopicPartition partition, long offset) {
    TreeMap<Long, Long> totals = counted.get(partition);
    Map.Entry<Long, Long> before = totals.floorEntry(offset);
    return totals.lastEntry().getValue()
        - (before == null ? totals.firstEntry() : before).getValue();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
