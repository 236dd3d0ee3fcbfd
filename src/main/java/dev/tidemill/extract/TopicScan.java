package dev.tidemill.extract;

import dev.tidemill.definition.ServerSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads all that is committed in a topic, from its beginning to what is its end then. */
final class TopicScan {
  private static final Duration POLL = Duration.ofMillis(200);

  private final List<TopicPartition> partitions;
  private final ServerSettings server;

  TopicScan(String topic, int partitions, ServerSettings server) {
    this.partitions =
        IntStream.range(0, partitions).mapToObj(i -> new TopicPartition(topic, i)).toList();
    this.server = server;
  }

  /** Whether it came to the end; false if it was told to stop. */
  boolean read(Consumer<ConsumerRecord<byte[], byte[]>> each, BooleanSupplier stopped) {
    Map<TopicPartition, Long> ends = ends();
    try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_committed")) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (partitions.stream().anyMatch(part -> consumer.position(part) < ends.get(part))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          if (stopped.getAsBoolean()) {
            return false;
          }
          each.accept(record);
        }
      }
      return true;
    }
  }

  /** High watermarks: a commit returns before its markers are written (see PositionTopic). */
  private Map<TopicPartition, Long> ends() {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_uncommitted")) {
      consumer.assign(partitions);
      return consumer.endOffsets(partitions);
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer(String isolation) {
    Map<String, Object> settings = new HashMap<>(server.kafka());
    settings.put("bootstrap.servers", server.brokers());
    settings.put("isolation.level", isolation);
    settings.put("enable.auto.commit", "false");
    settings.put("auto.offset.reset", "earliest");
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
