package dev.tidemill.events;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Something that happened. Immutable.
 *
 * @param name a dotted path, such as {@code load.publish.stop}; one of {@link EventType#names()}
 * @param time when it was told, by the wall clock
 * @param span what the start and the end of one span have in common; empty for a moment. Unique in
 *     the process
 * @param duration of a span that has ended, by a clock that never jumps; of a moment, how long what
 *     it ends has lasted, if that is known
 * @param measurements counts, by the names that the type declares
 * @param metadata what it is about, by the names that the type declares, and the pipeline
 * @param error why a span has failed, or what the moment is about
 */
public record Event(
    EventType type,
    String name,
    Instant time,
    OptionalLong span,
    Optional<Duration> duration,
    Map<String, Long> measurements,
    Map<String, String> metadata,
    Optional<Throwable> error) {

  public Event {
    requireNonNull(type, "type");
    requireNonNull(name, "name");
    requireNonNull(time, "time");
    requireNonNull(span, "span");
    requireNonNull(duration, "duration");
    measurements = Map.copyOf(measurements);
    metadata = Map.copyOf(metadata);
    requireNonNull(error, "error");
  }

  /** Whether the path of the name begins with all words of the prefix; with none, always. */
  public boolean isUnder(String prefix) {
    return EventType.isUnder(name, prefix);
  }
}
