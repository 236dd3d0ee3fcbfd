package dev.tidemill.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A topic of JSON flights on the shared cluster. */
final class FlightTopic implements AutoCloseable {
  private final String name;
  private final KafkaProducer<byte[], byte[]> producer =
      new KafkaProducer<>(clients(), new ByteArraySerializer(), new ByteArraySerializer());

  FlightTopic(String name, int partitions) {
    this.name = name;
    try (Admin admin = Admin.create(clients())) {
      NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.of((short) 1));
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  String yaml() {
    return "topic: {name: " + name + ", format: json, trust-timestamps: true}";
  }

  /**
   * @param time as {@code 2001/01/01 08:00}
   */
  void send(int partition, String time, int delay, int distance, String origin) {
    String json =
        "{\"date\": \"%s\", \"delay\": %d, \"distance\": %d, \"origin\": \"%s\", \"destination\": \"BOS\"}"
            .formatted(time, delay, distance, origin);
    producer.send(new ProducerRecord<>(name, partition, null, json.getBytes(UTF_8)));
  }

  void flush() {
    producer.flush();
  }

  private static Map<String, Object> clients() {
    return Map.of("bootstrap.servers", SharedCluster.settings().brokers());
  }

  @Override
  public void close() {
    producer.close();
  }
}
