package dev.tidemill.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import dev.tidemill.schema.ConfluentRegistry;
import dev.tidemill.schema.Reject;
import dev.tidemill.schema.RejectCodec;
import dev.tidemill.schema.Schemas;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a pipeline on the {@link SharedCluster} has rejected. */
final class Rejects {
  private Rejects() {}

  static List<Reject> of(String pipeline) {
    ServerSettings server = SharedCluster.settings();
    String topic = new Topics(pipeline).rejects();
    TopicPartition partition = new TopicPartition(topic, 0);
    List<Reject> rejects = new ArrayList<>();
    try (var registry = new ConfluentRegistry(server.registry());
        var consumer =
            new KafkaConsumer<>(
                Map.of("bootstrap.servers", server.brokers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
      RejectCodec codec = RejectCodec.register(registry, Schemas.valueSubject(topic));
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        for (var record : consumer.poll(Duration.ofSeconds(1))) {
          rejects.add(codec.decode(record.value()));
        }
      }
      return rejects;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static String payload(Reject reject) {
    return new String(reject.value().orElseThrow(), UTF_8);
  }
}
