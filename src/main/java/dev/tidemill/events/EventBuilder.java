package dev.tidemill.events;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An event, or the start of a span, that is about to be told. Does nothing, and allocates nothing,
 * if nobody listens. Not thread-safe.
 */
public final class EventBuilder {
  static final EventBuilder UNHEARD = new EventBuilder();

  private final Optional<Content> content;

  private EventBuilder() {
    content = Optional.empty();
  }

  EventBuilder(Events events, EventType type) {
    content = Optional.of(new Content(events, type));
  }

  /** What an event is made of, bit by bit. */
  static final class Content {
    final Events events;
    final EventType type;
    final Map<String, Long> measurements = new HashMap<>();
    final Map<String, String> metadata = new HashMap<>();
    Optional<Duration> duration = Optional.empty();
    Optional<Throwable> error = Optional.empty();

    Content(Events events, EventType type) {
      this.events = events;
      this.type = type;
    }

    void measured(String name, long value) {
      assert type.measurements().contains(name) : type + " does not declare " + name;
      measurements.put(name, value);
    }

    void described(String name, String value) {
      assert type.labels().contains(name) || type.details().contains(name)
          : type + " does not declare " + name;
      metadata.put(name, requireNonNull(value, name));
    }

    /** For the tests: listeners rely on what is declared. */
    boolean isWhole() {
      return measurements.keySet().containsAll(type.measurements())
          && metadata.keySet().containsAll(type.labels())
          && metadata.keySet().containsAll(type.details());
    }
  }

  public EventBuilder with(String measurement, long value) {
    if (content.isPresent()) {
      content.get().measured(measurement, value);
    }
    return this;
  }

  public EventBuilder with(String metadata, String value) {
    if (content.isPresent()) {
      content.get().described(metadata, value);
    }
    return this;
  }

  public EventBuilder lasting(Duration duration) {
    if (content.isPresent()) {
      content.get().duration = Optional.of(duration);
    }
    return this;
  }

  public EventBuilder because(Throwable error) {
    if (content.isPresent()) {
      content.get().error = Optional.of(error);
    }
    return this;
  }

  /** Tells of a moment. Never waits, and never throws because of a listener. */
  public void emit() {
    if (content.isPresent()) {
      Content moment = content.get();
      assert !moment.type.isSpan() : moment.type + " is a span";
      assert moment.isWhole() : moment.type + " lacks what it declares";
      moment.events.emit(moment, moment.type.path(), OptionalLong.empty());
    }
  }

  /** Begins a span, and tells of that. */
  public Span start() {
    return content.map(Span::started).orElse(Span.UNHEARD);
  }

  /** What is done within a span. */
  public interface Work<T, E extends Exception> {
    /**
     * @param span takes what is only known at the end
     */
    T run(Span span) throws E;
  }

  /** A span around some work; what the work throws ends the span, and comes out as it is. */
  public <T, E extends Exception> T around(Work<T, E> work) throws E {
    Span span = start();
    T result;
    try {
      result = work.run(span);
    } catch (Throwable e) {
      span.failed(e);
      throw e;
    }
    span.stop();
    return result;
  }
}
