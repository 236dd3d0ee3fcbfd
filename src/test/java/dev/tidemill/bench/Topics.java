package dev.tidemill.bench;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Topics from which nothing is deleted by age: event times are long ago. */
final class Topics {
  private static final Duration NEWS = Duration.ofMillis(200);

  private Topics() {}

  static void create(String brokers, String topic, int partitions) {
    NewTopic created =
        new NewTopic(topic, partitions, (short) 1)
            .configs(Map.of("retention.ms", "-1", "message.timestamp.type", "LogAppendTime"));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      admin.createTopics(List.of(created)).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("topic " + topic + " can not be created", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Where each partition ends now. */
  static List<Long> ends(String brokers, String topic, int partitions) {
    Map<TopicPartition, OffsetSpec> latest =
        IntStream.range(0, partitions)
            .mapToObj(partition -> new TopicPartition(topic, partition))
            .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      return admin.listOffsets(latest).all().get().entrySet().stream()
          .sorted(Comparator.comparing(entry -> entry.getKey().partition()))
          .map(entry -> entry.getValue().offset())
          .toList();
    } catch (ExecutionException e) {
      throw new IllegalStateException("topic " + topic + " has no offsets", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Every committed record that the topic holds now. */
  static void read(String brokers, String topic, Consumer<ConsumerRecord<byte[], byte[]>> action) {
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers",
                brokers,
                "isolation.level",
                "read_committed",
                "max.poll.records",
                5_000),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(NEWS).forEach(action);
      }
    }
  }
}
