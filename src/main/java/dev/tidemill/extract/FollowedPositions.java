package dev.tidemill.extract;

import dev.tidemill.definition.ServerSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * How far the sources are that others extract: the committed positions, as they come. Not
 * thread-safe, except for {@link #progress} and {@link #schedules}.
 */
final class FollowedPositions implements AutoCloseable {
  private final Consumer<byte[], byte[]> consumer;
  private final List<Followed> sources;
  private volatile Map<String, ExtractorProgress> progress;
  private volatile Map<String, SourceSchedule> schedules = Map.of();

  /** One source. */
  private static final class Followed {
    private final String name;
    private final PositionTopic topic;
    private final Positions positions = new Positions();
    private boolean isNew;

    private Followed(String topic, String name) {
      this.name = name;
      this.topic = new PositionTopic(topic, name);
    }

    private Optional<SourceSchedule> schedule() {
      return SourceSchedule.of(name, positions.notes());
    }

    private ExtractorProgress progress() {
      boolean ended = isNew && positions.ended();
      return new ExtractorProgress(
          positions.rows(),
          0,
          0,
          0,
          0,
          0,
          ended,
          Optional.empty(),
          Optional.empty(),
          positions.counts().isPresent(),
          positions.expected(),
          FilePosition.different(positions),
          0);
    }
  }

  /** That was before this object was made says nothing of the end: there may be more since. */
  private final long since;

  FollowedPositions(String topic, Collection<String> sources, ServerSettings server) {
    this.sources = sources.stream().map(source -> new Followed(topic, source)).toList();
    this.since = PositionTopic.end(topic, server);
    this.consumer = PositionTopic.fromTheBeginning(topic, server);
    this.progress = snapshot();
  }

  /** Takes up what has come, without waiting for more. */
  void poll() {
    boolean news = false;
    for (ConsumerRecord<byte[], byte[]> entry : consumer.poll(Duration.ZERO)) {
      for (Followed source : sources) {
        source.topic.restore(entry, source.positions);
        source.isNew |= source.topic.isTotal(entry) && entry.offset() >= since;
      }
      news = true;
    }
    if (news) {
      progress = snapshot();
      schedules =
          sources.stream()
              .flatMap(source -> source.schedule().stream())
              .collect(Collectors.toMap(SourceSchedule::source, schedule -> schedule));
    }
  }

  /** By source; of what was polled. */
  Map<String, SourceSchedule> schedules() {
    return schedules;
  }

  private Map<String, ExtractorProgress> snapshot() {
    return sources.stream()
        .collect(Collectors.toMap(source -> source.name, source -> source.progress()));
  }

  /** By source; of what was polled. */
  Map<String, ExtractorProgress> progress() {
    return progress;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
