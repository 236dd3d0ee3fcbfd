package dev.tidemill.embedded;

import dev.tidemill.cli.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What tests ask of a broker, in a line each. */
public final class TestClients {
  private TestClients() {}

  public static void createTopic(String brokers, String topic, int partitions) {
    createTopic(brokers, new NewTopic(topic, partitions, (short) 1));
  }

  /**
   * The broker leads its partitions then: the controller has made it before that, and clients hear
   * of it before that. A producer whose first batch comes too early, and the second one in time,
   * can not write the first any more: it is out of order.
   */
  public static void createTopic(String brokers, NewTopic topic) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      get(admin.createTopics(List.of(topic)).all());
      Await.until(
          topic.name() + " is known",
          Duration.ofSeconds(20),
          () -> get(admin.listTopics().names()).contains(topic.name()));
      Map<TopicPartition, OffsetSpec> ends =
          get(admin.describeTopics(List.of(topic.name())).allTopicNames())
              .get(topic.name())
              .partitions()
              .stream()
              .collect(
                  Collectors.toMap(
                      partition -> new TopicPartition(topic.name(), partition.partition()),
                      partition -> OffsetSpec.latest()));
      get(admin.listOffsets(ends).all()); // is asked again until the leader answers
    }
  }

  public static void send(String brokers, String topic, String... values) {
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", brokers),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (String value : values) {
        get(producer.send(new ProducerRecord<>(topic, value.getBytes())));
      }
    }
  }

  /** Every committed record that the topic holds now, partition by partition. */
  public static List<ConsumerRecord<byte[], byte[]>> committed(String brokers, String topic) {
    return committed(brokers, topic, "read_committed");
  }

  /**
   * The same, of a topic that nobody writes to at the moment: a transaction whose commit is on its
   * way to the partitions is waited for.
   */
  public static List<ConsumerRecord<byte[], byte[]>> settled(String brokers, String topic) {
    return committed(brokers, topic, "read_uncommitted");
  }

  /**
   * @param endOf the isolation level whose end is the end
   */
  private static List<ConsumerRecord<byte[], byte[]>> committed(
      String brokers, String topic, String endOf) {
    Map<TopicPartition, Long> ends = ends(brokers, topic, endOf);
    try (var consumer = consumer(brokers, "read_committed")) {
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      for (TopicPartition partition : ends.keySet()) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        while (consumer.position(partition) < ends.get(partition)) {
          consumer.poll(Duration.ofMillis(200)).forEach(records::add);
        }
      }
      return records;
    }
  }

  private static Map<TopicPartition, Long> ends(String brokers, String topic, String isolation) {
    try (var consumer = consumer(brokers, isolation)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .sorted(Comparator.comparingInt(TopicPartition::partition))
              .toList();
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      Map<TopicPartition, Long> ordered = new LinkedHashMap<>();
      partitions.forEach(partition -> ordered.put(partition, ends.get(partition)));
      return ordered;
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String brokers, String isolation) {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            brokers,
            "isolation.level",
            isolation,
            "fetch.max.wait.ms",
            "20",
            "auto.offset.reset",
            "earliest"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  /** The values of {@link #committed} as text. */
  public static List<String> values(String brokers, String topic) {
    return committed(brokers, topic).stream().map(r -> new String(r.value())).toList();
  }

  public static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
