package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Unavailable;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Positions as records of a compacted topic. The key is {@code source/name}, or {@code source/} for
 * the source as a whole, or {@code source#name} for a {@linkplain Positions#note note}; the value
 * is JSON.
 */
final class PositionTopic {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String topic;
  private final String prefix;
  private final String notes;

  PositionTopic(String topic, String source) {
    this.topic = topic;
    this.prefix = source + "/";
    this.notes = source + "#";
  }

  /**
   * @param position empty: it is forgotten
   */
  ProducerRecord<byte[], byte[]> record(String name, Optional<JsonNode> position) {
    byte[] value = position.map(json -> json.toString().getBytes(UTF_8)).orElse(null);
    return new ProducerRecord<>(topic, 0, (prefix + name).getBytes(UTF_8), value);
  }

  /** See {@link Positions#note}. */
  ProducerRecord<byte[], byte[]> note(String name, JsonNode value) {
    return new ProducerRecord<>(
        topic, 0, (notes + name).getBytes(UTF_8), value.toString().getBytes(UTF_8));
  }

  /** A note of some source. */
  record Note(String source, String name, JsonNode value) {}

  /** Empty if the entry is a position. */
  static Optional<Note> note(ConsumerRecord<byte[], byte[]> entry) {
    String key = new String(entry.key(), UTF_8);
    int end = key.indexOf('#');
    int position = key.indexOf('/');
    return end < 0 || position >= 0 && position < end || entry.value() == null
        ? Optional.empty()
        : Optional.of(new Note(key.substring(0, end), key.substring(end + 1), parse(entry)));
  }

  /** What is of the source as a whole. */
  ProducerRecord<byte[], byte[]> total(Positions positions) {
    return record("", Optional.of(positions.total()));
  }

  /**
   * Reads what is committed. To be called after {@code initTransactions}: then nothing of this
   * source is under way any more.
   *
   * <p>Read to the <em>high watermark</em>: a read_committed consumer's own idea of the end stops
   * before the open transaction of another source's extractor, and what this source has committed
   * behind it would be published again.
   */
  Positions read(ServerSettings server) {
    TopicPartition partition = new TopicPartition(topic, 0);
    long end = end(topic, server);
    Positions positions = new Positions();
    try (KafkaConsumer<byte[], byte[]> consumer = fromTheBeginning(topic, server)) {
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> entry : consumer.poll(Duration.ofMillis(200))) {
          restore(entry, positions);
        }
      }
    }
    return positions;
  }

  /** The high watermark: behind all that anybody has sent, committed or not. */
  static long end(String topic, ServerSettings server) {
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(server, "read_uncommitted")) {
      consumer.assign(List.of(partition)); // else the client warns that it is not
      return consumer.endOffsets(List.of(partition)).get(partition);
    }
  }

  /** Reads what is committed. */
  static KafkaConsumer<byte[], byte[]> fromTheBeginning(String topic, ServerSettings server) {
    KafkaConsumer<byte[], byte[]> consumer = consumer(server, "read_committed");
    List<TopicPartition> partition = List.of(new TopicPartition(topic, 0));
    consumer.assign(partition);
    consumer.seekToBeginning(partition);
    return consumer;
  }

  private static KafkaConsumer<byte[], byte[]> consumer(ServerSettings server, String isolation) {
    Map<String, Object> settings = new HashMap<>(server.kafka());
    settings.put("bootstrap.servers", server.brokers());
    settings.put("isolation.level", isolation);
    settings.put("enable.auto.commit", "false");
    settings.put("fetch.max.wait.ms", "50"); // behind the last position there is only a marker
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Whether the entry is of this source as a whole. */
  boolean isTotal(ConsumerRecord<byte[], byte[]> entry) {
    return prefix.equals(new String(entry.key(), UTF_8));
  }

  /** Nothing happens if the entry is of another source. */
  void restore(ConsumerRecord<byte[], byte[]> entry, Positions positions) {
    String key = new String(entry.key(), UTF_8);
    if (key.startsWith(notes) && entry.value() != null) {
      positions.note(key.substring(notes.length()), parse(entry));
    }
    if (!key.startsWith(prefix)) {
      return;
    }
    if (entry.value() == null) {
      positions.remove(key.substring(prefix.length()));
    } else if (key.equals(prefix)) {
      positions.total(parse(entry));
    } else {
      positions.put(key.substring(prefix.length()), parse(entry));
    }
  }

  private static JsonNode parse(ConsumerRecord<byte[], byte[]> entry) {
    try {
      return JSON.readTree(entry.value());
    } catch (IOException e) {
      throw new Unavailable(
          entry.topic()
              + "-0@"
              + entry.offset()
              + " is not the position of an extractor: was it written by something else?",
          e);
    }
  }
}
