package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of a pipeline's sources this instance extracts: those whose {@linkplain Topics#control
 * control topic} its consumer group has assigned to it. Who is silent for the server's session
 * timeout loses them to the others; an owner keeps its sources while others come, if there are
 * enough for all. Not thread-safe.
 *
 * <p>Two may believe that they own a source, as long as one of them has not heard that it does not.
 * So the group says who begins; that nobody else goes on is the transactional id's business.
 */
final class Ownership implements AutoCloseable {

  /** Called within {@link #poll} and {@link #close}. */
  interface Listener {
    void acquired(Set<String> sources);

    /** Returns when they are not extracted here any more; only then others acquire them. */
    void released(Set<String> sources);

    /** Somebody asks something of a source that is owned; perhaps not for the first time. */
    void commanded(String source, ToldCommand command);

    /** All that was asked before the source was acquired is told. */
    void caughtUp(String source);

    /**
     * Somebody sets the rate of a source that is owned; perhaps not for the first time.
     *
     * @param rate empty: as its definition says
     */
    void limited(String source, Optional<RateOverride> rate);

    /** Members came or went, perhaps without a change for this one. */
    void rebalanced();
  }

  private static final Logger LOG = LoggerFactory.getLogger(Ownership.class);

  private final Consumer<byte[], byte[]> consumer;
  private final Map<String, String> sources;
  private final Listener listener;

  /** Of control topics that were not read so far yet. */
  private final Map<TopicPartition, Long> ends = new HashMap<>();

  Ownership(Topics topics, Collection<String> sources, ServerSettings server, Listener listener) {
    this.listener = listener;
    this.sources = sources.stream().collect(toMap(topics::control, source -> source));
    Map<String, Object> settings = new HashMap<>(server.kafka());
    settings.put("bootstrap.servers", server.brokers());
    settings.put("client.id", topics.extractGroup());
    settings.put("group.id", topics.extractGroup());
    settings.put("group.protocol", "classic");
    settings.put("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
    int timeout = (int) server.sessionTimeout().toMillis();
    settings.put("session.timeout.ms", timeout);
    settings.put("max.poll.interval.ms", timeout); // who hangs is as good as dead
    settings.put(
        "heartbeat.interval.ms", (int) Math.min(ServerSettings.HEARTBEAT.toMillis(), timeout / 3));
    settings.put("enable.auto.commit", false);
    settings.put("auto.offset.reset", "earliest");
    settings.put("allow.auto.create.topics", false);
    consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.subscribe(this.sources.keySet(), new Rebalance());
  }

  private Set<String> of(Collection<TopicPartition> partitions) {
    return partitions.stream().map(partition -> sources.get(partition.topic())).collect(toSet());
  }

  /** Takes part in the group; what has changed is told before it returns. */
  void poll(Duration atMost) {
    for (ConsumerRecord<byte[], byte[]> told : consumer.poll(atMost)) {
      String text = told.value() == null ? "" : new String(told.value(), UTF_8);
      String source = sources.get(told.topic());
      try {
        if (RateOverride.isCommand(text)) {
          listener.limited(source, RateOverride.ofCommand(text));
        } else {
          Instant at = Instant.ofEpochMilli(told.timestamp());
          listener.commanded(source, new ToldCommand(told.offset(), at, SourceCommand.parse(text)));
        }
      } catch (IllegalArgumentException e) {
        LOG.warn(
            "{}-0@{} is no command: '{}' ({})", told.topic(), told.offset(), text, e.getMessage());
      }
    }
    ends.entrySet()
        .removeIf(
            end -> {
              boolean isThere = consumer.position(end.getKey()) >= end.getValue();
              if (isThere) {
                listener.caughtUp(sources.get(end.getKey().topic()));
              }
              return isThere;
            });
  }

  /** All commands of the source are told again: for one who begins anew. */
  void rewind(String source) {
    List<TopicPartition> partitions =
        consumer.assignment().stream()
            .filter(partition -> sources.get(partition.topic()).equals(source))
            .toList();
    if (!partitions.isEmpty()) { // of none at all, the client would take all
      consumer.seekToBeginning(partitions);
      ends.putAll(consumer.endOffsets(partitions));
    }
  }

  /** Leaves the group, so that others need not wait for the session timeout. */
  @Override
  public void close() {
    consumer.close();
  }

  private final class Rebalance implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      listener.rebalanced();
      ends.putAll(consumer.endOffsets(partitions));
      listener.acquired(of(partitions));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      ends.keySet().removeAll(partitions);
      listener.released(of(partitions));
    }
  }
}
