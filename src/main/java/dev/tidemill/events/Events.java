package dev.tidemill.events;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Where the parts of a pipeline tell what they do, and who wants to know is told. Telling never
 * waits: each listener has a bounded queue. Without listeners it costs a look at an empty array.
 * Thread-safe.
 */
public final class Events implements AutoCloseable {
  private static final Duration LAST_EVENTS = Duration.ofSeconds(2);

  private final Map<String, String> metadata;
  private final Clock clock;
  private final LongSupplier nanos;
  private final AtomicLong spans = new AtomicLong();

  /** Replaced as a whole. */
  private volatile Subscription[] subscriptions = {};

  /**
   * @param metadata that every event has besides its own
   */
  public Events(Map<String, String> metadata, Clock clock) {
    this(metadata, clock, System::nanoTime);
  }

  Events(Map<String, String> metadata, Clock clock, LongSupplier nanos) {
    this.metadata = Map.copyOf(metadata);
    this.clock = requireNonNull(clock, "clock");
    this.nanos = requireNonNull(nanos, "nanos");
  }

  /** For parts that work on their own. */
  public static Events unheard() {
    return new Events(Map.of(), Clock.systemUTC());
  }

  /**
   * As {@link #subscribe(String, Collection, EventListener)}, by the name of the listener's class.
   *
   * @param prefix empty: every event
   */
  public Subscription subscribe(String prefix, EventListener listener) {
    return subscribe(listener.getClass().getName(), List.of(prefix), listener);
  }

  /**
   * From now on the listener is told of what happens, until the subscription or this is closed.
   *
   * @param name what the listener is called in events about it
   * @param prefixes of names of events: {@code load} means {@code load.elected} and {@code
   *     load.publish.stop}, and nothing like {@code loading}
   * @throws IllegalArgumentException if there is no event under a prefix
   */
  public Subscription subscribe(String name, Collection<String> prefixes, EventListener listener) {
    for (String prefix : prefixes) {
      if (!prefix.isEmpty() && !EventType.prefixes().contains(prefix)) {
        throw new IllegalArgumentException("no event begins with '" + prefix + "'");
      }
    }
    Subscription added = new Subscription(this, name, prefixes, listener);
    synchronized (this) {
      List<Subscription> all = new ArrayList<>(List.of(subscriptions));
      all.add(added);
      subscriptions = all.toArray(Subscription[]::new);
    }
    added.start();
    return added;
  }

  synchronized void remove(Subscription gone) {
    List<Subscription> all = new ArrayList<>(List.of(subscriptions));
    all.remove(gone);
    subscriptions = all.toArray(Subscription[]::new);
  }

  public List<Subscription> subscriptions() {
    return List.of(subscriptions);
  }

  /** Begins a moment, or a span. */
  public EventBuilder event(EventType type) {
    return isHeard(type) ? new EventBuilder(this, type) : EventBuilder.UNHEARD;
  }

  private boolean isHeard(EventType type) {
    for (Subscription subscription : subscriptions) {
      if (subscription.wantsAnyOf(type)) {
        return true;
      }
    }
    return false;
  }

  void emit(EventBuilder.Content content, String name, OptionalLong span) {
    emit(made(content, name, span), Optional.empty());
  }

  /**
   * @param except is not told
   */
  void emit(Event event, Optional<Subscription> except) {
    for (Subscription subscription : subscriptions) {
      if (subscription.wants(event) && !except.equals(Optional.of(subscription))) {
        subscription.offer(event);
      }
    }
  }

  Event made(EventBuilder.Content content, String name, OptionalLong span) {
    Map<String, String> all = new HashMap<>(metadata);
    all.putAll(content.metadata);
    return new Event(
        content.type,
        name,
        clock.instant(),
        span,
        content.duration,
        content.measurements,
        all,
        content.error);
  }

  long nextSpan() {
    return spans.incrementAndGet();
  }

  long nanoTime() {
    return nanos.getAsLong();
  }

  /** Ends all subscriptions. Listeners are given 2 s together for the events that wait for them. */
  @Override
  public void close() {
    Subscription[] all = subscriptions;
    for (Subscription each : all) {
      each.end();
    }
    long end = System.nanoTime() + LAST_EVENTS.toNanos();
    for (Subscription each : all) {
      each.await(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }
  }
}
