package dev.tidemill.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the topics of tables. Streams leaves out records without a key while it reads a global
 * store from its beginning ({@code GlobalStateManagerImpl.reprocessState}, 4.3.1); they get an
 * empty one.
 */
final class TableConsumer extends KafkaConsumer<byte[], byte[]> {
  private static final byte[] NO_KEY = new byte[0];

  TableConsumer(Map<String, Object> config) {
    super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Whether the record had no key in its topic. */
  static boolean isKeyless(byte[] key) {
    return key == null || key.length == 0;
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    ConsumerRecords<byte[], byte[]> polled = super.poll(timeout);
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> keyed = new HashMap<>();
    for (TopicPartition partition : polled.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      polled.records(partition).forEach(record -> records.add(keyed(record)));
      keyed.put(partition, records);
    }
    return new ConsumerRecords<>(keyed, polled.nextOffsets());
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
