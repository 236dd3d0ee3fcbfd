package dev.tidemill.load;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Kafka how far a target has staged the results: offsets of its loaders' group, for {@link
 * Cleanup}, for extractors that wait for the target, and for people. They are never ahead of the
 * target, which alone is the truth. Trouble is logged at debug and does not keep anybody from
 * loading. Not thread-safe.
 */
final class StagedOffsets {
  private static final Logger LOG = LoggerFactory.getLogger(StagedOffsets.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration INTERVAL = Duration.ofMillis(500);

  /**
   * The group does not subscribe to the results, so they expire like those of a group of nobody.
   */
  private static final Duration AGAIN = Duration.ofHours(1);

  private final Consumer<?, ?> member;
  private final String topic;
  private final Clock clock;
  private final Map<Integer, Long> known = new HashMap<>();
  private Instant last = Instant.MIN;
  private Map<Integer, Long> told = Map.of();

  /**
   * @param member of the group, and elected in it: its generation fences who no longer is
   */
  StagedOffsets(Consumer<?, ?> member, String topic, Clock clock) {
    this.member = requireNonNull(member, "member");
    this.topic = requireNonNull(topic, "topic");
    this.clock = requireNonNull(clock, "clock");
  }

  /**
   * Where loading begins. Waits for the broker, 5 s at most: a target that was lost must take back
   * what was said of it before it reads again what could be deleted by that.
   *
   * @param next offset of every partition; the broker may be asked for it
   */
  void begin(Supplier<Map<Integer, Long>> next) {
    last = clock.instant();
    try {
      known.putAll(next.get());
      told = Map.copyOf(known);
      member.commitSync(offsets(), PATIENCE);
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  /**
   * What the target has now. Tells of news twice a second at most, and does not wait.
   *
   * @param next offset by partition; one that is absent is where it began
   */
  void moved(Map<Integer, Long> next) {
    Instant now = clock.instant();
    known.putAll(next);
    if (now.isBefore(last.plus(known.equals(told) ? AGAIN : INTERVAL))) {
      return;
    }
    last = now;
    told = Map.copyOf(known);
    try {
      member.commitAsync(
          offsets(),
          (offsets, e) -> {
            if (e != null) {
              failed(e);
            }
          });
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void failed(Exception e) {
    told = Map.of(); // so it is news again
    LOG.debug("{}: could not commit how far it is loaded", topic, e);
  }

  private Map<TopicPartition, OffsetAndMetadata> offsets() {
    return told.entrySet().stream()
        .collect(
            Collectors.toMap(
                each -> new TopicPartition(topic, each.getKey()),
                each -> new OffsetAndMetadata(each.getValue())));
  }
}
