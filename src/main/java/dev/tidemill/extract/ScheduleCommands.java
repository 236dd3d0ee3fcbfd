package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import dev.tidemill.definition.Unavailable;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What people ask of the extractors of a pipeline, from any process. Thread-safe. */
public final class ScheduleCommands {
  private static final int SECONDS = 10;

  private final Topics topics;
  private final ServerSettings server;
  private final Clock clock;

  /**
   * @param clock that says when a command was given
   */
  public ScheduleCommands(Topics topics, ServerSettings server, Clock clock) {
    this.topics = topics;
    this.server = server;
    this.clock = clock;
  }

  /**
   * The schedules of all sources that have one and were looked at, by name.
   *
   * @throws Unavailable if the broker does not answer
   */
  public List<SourceSchedule> schedules() {
    try {
      return isThere(topics.positions()) ? read() : List.of();
    } catch (KafkaException e) {
      throw unavailable(topics.positions() + " can not be read", e);
    }
  }

  /** Whether there is such a topic. */
  private boolean isThere(String topic) {
    return topicNames().contains(topic);
  }

  private Set<String> topicNames() {
    try (Admin admin = Admin.create(settings())) {
      return admin.listTopics().names().get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw unavailable("the topics can not be listed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("interrupted", e);
    }
  }

  private List<SourceSchedule> read() {
    Map<String, Map<String, JsonNode>> notes = new TreeMap<>();
    long end = PositionTopic.end(topics.positions(), server);
    TopicPartition partition = new TopicPartition(topics.positions(), 0);
    try (KafkaConsumer<byte[], byte[]> consumer =
        PositionTopic.fromTheBeginning(topics.positions(), server)) {
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> entry : consumer.poll(Duration.ofMillis(200))) {
          PositionTopic.note(entry)
              .ifPresent(
                  note ->
                      notes
                          .computeIfAbsent(note.source(), source -> new TreeMap<>())
                          .put(note.name(), note.value()));
        }
      }
    }
    return notes.entrySet().stream()
        .flatMap(source -> SourceSchedule.of(source.getKey(), source.getValue()).stream())
        .toList();
  }

  /**
   * Returns when it is in Kafka; the owner of the source obeys each once, when it runs.
   *
   * @throws Unavailable if it can not be written
   */
  public void send(String source, SourceCommand command) {
    send(source, command.text());
  }

  /**
   * Sets how fast a source is published, whatever its definition says, until another one is set.
   * Returns when it is in Kafka.
   *
   * @param rate empty: as its definition says
   * @throws Unavailable if it can not be written, or nobody has extracted such a source here
   */
  public void setRate(String source, Optional<RateOverride> rate) {
    requireExtracted(source);
    send(source, RateOverride.command(rate));
  }

  /**
   * What was set last.
   *
   * @return empty: its definition holds
   * @throws Unavailable if it can not be read, or nobody has extracted such a source here
   */
  public Optional<RateOverride> rate(String source) {
    requireExtracted(source);
    String topic = topics.control(source);
    Optional<RateOverride> last = Optional.empty();
    try (KafkaConsumer<byte[], byte[]> consumer = PositionTopic.fromTheBeginning(topic, server)) {
      long end = PositionTopic.end(topic, server);
      TopicPartition partition = new TopicPartition(topic, 0);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> told : consumer.poll(Duration.ofMillis(200))) {
          String text = told.value() == null ? "" : new String(told.value(), UTF_8);
          if (RateOverride.isCommand(text)) {
            last = RateOverride.ofCommand(text);
          }
        }
      }
    } catch (KafkaException e) {
      throw unavailable(topic + " can not be read", e);
    }
    return last;
  }

  private void requireExtracted(String source) {
    String control = topics.control("");
    List<String> sources =
        topicNames().stream()
            .filter(topic -> topic.startsWith(control))
            .map(topic -> topic.substring(control.length()))
            .sorted()
            .toList();
    if (!sources.contains(source)) {
      throw new Unavailable(
          "No source '%s' of a pipeline '%s' is extracted here; there is %s"
              .formatted(
                  source,
                  topics.pipeline(),
                  sources.isEmpty() ? "none" : String.join(", ", sources)));
    }
  }

  private void send(String source, String command) {
    Map<String, Object> settings = settings();
    settings.put("max.block.ms", SECONDS * 1_000L);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topics.control(source),
            0,
            clock.millis(),
            source.getBytes(UTF_8),
            command.getBytes(UTF_8));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(record).get(SECONDS, TimeUnit.SECONDS);
    } catch (KafkaException | ExecutionException | TimeoutException e) {
      throw unavailable(topics.control(source) + " can not be written", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("interrupted", e);
    }
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>(server.kafka());
    settings.put("bootstrap.servers", server.brokers());
    return settings;
  }

  private Unavailable unavailable(String what, Exception e) {
    Throwable why = e.getCause() == null ? e : e.getCause();
    return new Unavailable(
        what + " at " + server.brokers() + " (" + why.getMessage() + "). Nothing has changed.", e);
  }
}
