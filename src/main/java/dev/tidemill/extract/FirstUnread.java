package dev.tidemill.extract;

import dev.tidemill.definition.ServerSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Where the first record is that somebody has not read: behind its offset there may be rows of an
 * aborted transaction, or some that are deleted. Nobody ever reads those, and Kafka Streams commits
 * no offset behind them before it has read another record. Not thread-safe.
 */
final class FirstUnread implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Gap> gaps = new HashMap<>();

  /**
   * There is nothing to read between two offsets; what is in the log stays, so that stays true.
   *
   * @param isBeforeRecord whether a record is at its end, and not just the end of what was there
   */
  private record Gap(long from, long to, boolean isBeforeRecord) {}

  FirstUnread(ServerSettings server) {
    Map<String, Object> settings = new HashMap<>(server.kafka());
    settings.put("bootstrap.servers", server.brokers());
    settings.put("enable.auto.commit", "false");
    settings.put("allow.auto.create.topics", "false");
    settings.put("auto.offset.reset", "earliest");
    settings.put("isolation.level", "read_committed");
    settings.put("max.poll.records", 1);
    settings.put("max.partition.fetch.bytes", 1 << 18);
    this.consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * @param offset of the next one, as far as is known
   * @param end of the partition
   * @return at most the end; if that can not be read in a second, how far it could be
   */
  long offset(TopicPartition partition, long offset, long end) {
    Gap known = gaps.get(partition);
    if (known == null || offset < known.from() || offset > known.to()) {
      known = new Gap(offset, offset, false);
    }
    if (!known.isBeforeRecord() && known.to() < end) {
      known = look(partition, known, end);
      gaps.put(partition, known);
    }
    return known.to();
  }

  private Gap look(TopicPartition partition, Gap known, long end) {
    consumer.assign(List.of(partition));
    consumer.seek(partition, known.to());
    long since = System.nanoTime();
    while (consumer.position(partition) < end && System.nanoTime() - since < PATIENCE_NANOS) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        return new Gap(known.from(), record.offset(), true);
      }
    }
    return new Gap(known.from(), Math.min(end, consumer.position(partition)), false);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
