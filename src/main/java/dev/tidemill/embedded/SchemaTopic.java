package dev.tidemill.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.definition.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The registry's journal: the compacted topic {@code _schemas}, in the format of Confluent's
 * registry, so that the data of an embedded broker could be served by a real one.
 */
final class SchemaTopic implements Subjects.Journal, AutoCloseable {
  private static final String TOPIC = "_schemas";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String brokers;
  private final KafkaProducer<String, String> producer;

  SchemaTopic(String brokers) {
    this.brokers = brokers;
    create();
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", brokers, "acks", "all"),
            new StringSerializer(),
            new StringSerializer());
  }

  private void create() {
    NewTopic topic = new NewTopic(TOPIC, Optional.of(1), Optional.empty());
    topic.configs(Map.of("cleanup.policy", "compact"));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new Unavailable(
            "The topic " + TOPIC + " of the embedded registry can not be created: " + e.getCause(),
            e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("Interrupted at the start of the embedded registry", e);
    }
  }

  /** Tells {@code subjects} everything that was appended, in order. */
  void replay(Subjects subjects) {
    TopicPartition partition = new TopicPartition(TOPIC, 0);
    try (var consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", brokers),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<String, String> entry : consumer.poll(Duration.ofSeconds(1))) {
          restore(entry, subjects);
        }
      }
    }
  }

  private static void restore(ConsumerRecord<String, String> entry, Subjects subjects) {
    JsonNode key = parse(entry, entry.key());
    JsonNode value = parse(entry, entry.value());
    if (key.path("keytype").asText().equals("SCHEMA")) {
      subjects.restore(
          new SchemaVersion(
              value.path("subject").asText(),
              value.path("version").asInt(),
              value.path("id").asInt(),
              value.path("schemaType").asText(SchemaVersion.AVRO),
              value.path("schema").asText()));
    } else {
      subjects.restore(
          Optional.of(key.path("subject")).filter(JsonNode::isTextual).map(JsonNode::asText),
          Compatibility.named(value.path("compatibilityLevel").asText()));
    }
  }

  private static JsonNode parse(ConsumerRecord<String, String> entry, String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new Unavailable(
          TOPIC + "-0@" + entry.offset() + " is not an entry of the schema registry: " + text, e);
    }
  }

  @Override
  public void append(SchemaVersion version) {
    ObjectNode key =
        JSON.createObjectNode()
            .put("keytype", "SCHEMA")
            .put("subject", version.subject())
            .put("version", version.version())
            .put("magic", 1);
    ObjectNode value =
        JSON.createObjectNode()
            .put("subject", version.subject())
            .put("version", version.version())
            .put("id", version.id())
            .put("schema", version.schema())
            .put("deleted", false);
    if (!version.schemaType().equals(SchemaVersion.AVRO)) {
      value.put("schemaType", version.schemaType());
    }
    send(key, value);
  }

  @Override
  public void append(Optional<String> subject, Compatibility level) {
    ObjectNode key =
        JSON.createObjectNode()
            .put("keytype", "CONFIG")
            .put("subject", subject.orElse(null))
            .put("magic", 0);
    send(key, JSON.createObjectNode().put("compatibilityLevel", level.name()));
  }

  private void send(ObjectNode key, ObjectNode value) {
    try {
      producer.send(new ProducerRecord<>(TOPIC, key.toString(), value.toString())).get();
    } catch (ExecutionException e) {
      throw RegistryError.notStored(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RegistryError.notStored(e);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(1)); // every append was waited for: nothing is under way
  }
}
