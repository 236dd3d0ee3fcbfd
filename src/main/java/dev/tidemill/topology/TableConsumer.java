package dev.tidemill.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the topics of tables. Streams leaves out records without a key while it reads a global
 * store from its beginning ({@code GlobalStateManagerImpl.reprocessState}, 4.3.1); they get an
 * empty one.
 */
final class TableConsumer extends KafkaConsumer<byte[], byte[]> {
  private static final byte[] NO_KEY = new byte[0];

  private final BiConsumer<TopicPartition, Long> positions;

  /**
   * @param positions is told how far each partition is processed
   */
  TableConsumer(Map<String, Object> config, BiConsumer<TopicPartition, Long> positions) {
    super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.positions = positions;
  }

  /** Whether the record had no key in its topic. */
  static boolean isKeyless(byte[] key) {
    return key == null || key.length == 0;
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    tellPositions();
    ConsumerRecords<byte[], byte[]> polled = super.poll(timeout);
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> keyed = new HashMap<>();
    for (TopicPartition partition : polled.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      polled.records(partition).forEach(record -> records.add(keyed(record)));
      keyed.put(partition, records);
    }
    return new ConsumerRecords<>(keyed, polled.nextOffsets());
  }

  /** Who polls again has processed what it was given before (GlobalStreamThread, 4.3.1). */
  private void tellPositions() {
    for (TopicPartition partition : assignment()) {
      try {
        positions.accept(partition, position(partition, Duration.ZERO));
      } catch (TimeoutException unknownYet) {
        continue;
      }
    }
  }

  private static ConsumerRecord<byte[], byte[]> keyed(ConsumerRecord<byte[], byte[]> record) {
    return record.key() != null
        ? record
        : new ConsumerRecord<>(
            record.topic(),
            record.partition(),
            record.offset(),
            record.timestamp(),
            record.timestampType(),
            0,
            record.serializedValueSize(),
            NO_KEY,
            record.value(),
            record.headers(),
            record.leaderEpoch());
  }
}
