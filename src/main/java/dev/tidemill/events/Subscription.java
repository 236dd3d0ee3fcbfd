package dev.tidemill.events;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One listener, its queue and its thread. What goes wrong with it stays here, is counted, and is
 * told as {@code listener.…} events to the others:
 *
 * <ul>
 *   <li>An event that comes while {@value #MOST_WAITING} wait is lost to it. Before the next one
 *       that it gets, it is told {@code listener.lost}, whatever it has subscribed to.
 *   <li>One that throws is called again with the next event. After {@value #MOST_FAILURES} failures
 *       in a row it is left out for 10 s, and twice as long each time that it fails again, 10 min
 *       at most; what comes meanwhile is lost to it.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class Subscription implements AutoCloseable {
  static final int MOST_WAITING = 1_000;
  static final int MOST_FAILURES = 5;
  static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
  private static final Duration LAST_EVENTS = Duration.ofSeconds(2);

  private final Events events;
  private final String name;
  private final List<String> prefixes;

  /** Those with an event under a prefix. */
  private final Set<EventType> types = EnumSet.noneOf(EventType.class);

  private final EventListener listener;
  private final Thread thread;

  // Guarded by this.
  private final Deque<Event> waiting = new ArrayDeque<>();
  private boolean ended;
  private long delivered;
  private long failed;
  private long lost;

  /** Since the queue was full. */
  private long lostInARow;

  // Of the thread alone.
  private int failuresInARow;
  private Optional<Long> leftOutUntil = Optional.empty();

  /** Events since it was left out. */
  private long missed;

  private Duration pause = FIRST_PAUSE;

  Subscription(Events events, String name, Collection<String> prefixes, EventListener listener) {
    this.events = events;
    this.name = requireNonNull(name, "name");
    this.prefixes = List.copyOf(prefixes);
    this.listener = requireNonNull(listener, "listener");
    for (EventType type : EventType.values()) {
      if (type.names().stream().anyMatch(this::isUnderAnyPrefix)) {
        types.add(type);
      }
    }
    this.thread = new Thread(this::work, "listener-" + name);
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** What the listener is called. */
  public String name() {
    return name;
  }

  /** Events that the listener has taken without an exception. */
  public synchronized long delivered() {
    return delivered;
  }

  /** Events at which the listener threw. */
  public synchronized long failed() {
    return failed;
  }

  /** Events that the listener was not told of. */
  public synchronized long lost() {
    return lost;
  }

  boolean wantsAnyOf(EventType type) {
    return types.contains(type);
  }

  boolean wants(Event event) {
    return isUnderAnyPrefix(event.name());
  }

  private boolean isUnderAnyPrefix(String eventName) {
    for (String prefix : prefixes) {
      if (EventType.isUnder(eventName, prefix)) {
        return true;
      }
    }
    return false;
  }

  /** Never waits. */
  void offer(Event event) {
    boolean begins;
    Optional<Event> gap = Optional.empty();
    synchronized (this) {
      if (ended) {
        return;
      }
      begins = waiting.size() >= MOST_WAITING && lostInARow == 0;
      if (waiting.size() >= MOST_WAITING) {
        lost++;
        lostInARow++;
      } else {
        if (lostInARow > 0) {
          gap = Optional.of(gap(lostInARow));
          lostInARow = 0;
        }
        gap.ifPresent(waiting::add);
        waiting.add(event);
        notifyAll();
      }
    }
    if (begins && !event.type().isAboutListeners()) {
      tell(about(EventType.LISTENER_BEHIND));
    }
    gap.ifPresent(this::tell);
  }

  private Event gap(long events) {
    EventBuilder.Content content = about(EventType.LISTENER_LOST);
    content.measured("events", events);
    return made(content);
  }

  private boolean isGap(Event event) {
    return event.type() == EventType.LISTENER_LOST && name.equals(event.metadata().get("listener"));
  }

  private void work() {
    for (Optional<Event> next = next(); next.isPresent(); next = next()) {
      deliver(next.get());
    }
    closeListener();
  }

  /** Empty at the end. */
  private synchronized Optional<Event> next() {
    while (waiting.isEmpty() && !ended) {
      try {
        wait();
      } catch (InterruptedException e) {
        // The listener has interrupted itself; or it is the end.
      }
    }
    return Optional.ofNullable(waiting.poll());
  }

  private void deliver(Event event) {
    if (leftOutUntil.isPresent() && events.nanoTime() - leftOutUntil.get() >= 0) {
      leftOutUntil = Optional.empty();
      if (missed > 0) {
        Event gap = gap(missed);
        missed = 0;
        tell(gap);
        call(gap);
      }
    }
    if (leftOutUntil.isEmpty()) {
      call(event);
    } else if (isGap(event)) {
      missed += event.measurements().get("events"); // they are counted already
    } else {
      missed++;
      synchronized (this) {
        lost++;
      }
    }
  }

  private void call(Event event) {
    try {
      listener.on(event);
      failuresInARow = 0;
      pause = FIRST_PAUSE;
      synchronized (this) {
        delivered++;
      }
    } catch (Throwable e) { // foreign code: errors while its classes are loaded are usual
      synchronized (this) {
        failed++;
      }
      failuresInARow++;
      failed(event, e);
    }
  }

  private void failed(Event event, Throwable error) {
    if (!event.type().isAboutListeners()) {
      EventBuilder.Content failure = about(EventType.LISTENER_FAILED);
      failure.error = Optional.of(error);
      tell(made(failure));
    }
    if (failuresInARow < MOST_FAILURES) {
      return;
    }
    leftOutUntil = Optional.of(events.nanoTime() + pause.toNanos());
    EventBuilder.Content suspension = about(EventType.LISTENER_SUSPENDED);
    suspension.measured("millis", pause.toMillis());
    suspension.error = Optional.of(error);
    tell(made(suspension));
    Duration twice = pause.multipliedBy(2);
    pause = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  private EventBuilder.Content about(EventType type) {
    EventBuilder.Content content = new EventBuilder.Content(events, type);
    content.described("listener", name);
    return content;
  }

  private void tell(EventBuilder.Content content) {
    tell(made(content));
  }

  private Event made(EventBuilder.Content content) {
    return events.made(content, content.type.path(), OptionalLong.empty());
  }

  private void tell(Event aboutThis) {
    events.emit(aboutThis, Optional.of(this));
  }

  private void closeListener() {
    if (listener instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        synchronized (this) {
          failed++;
        }
      }
    }
  }

  /** Nothing new is taken from now on. */
  void end() {
    events.remove(this);
    synchronized (this) {
      ended = true;
      notifyAll();
    }
  }

  /** Until the last event is delivered; what is not by then is lost. */
  void await(Duration atMost) {
    if (Thread.currentThread() == thread) {
      return; // it closes itself
    }
    try {
      thread.join(Math.max(1, atMost.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      synchronized (this) {
        lost += waiting.size();
        waiting.clear();
      }
      thread.interrupt();
    }
  }

  /** The listener is given 2 s for the events that wait for it; after that they are lost. */
  @Override
  public void close() {
    end();
    await(LAST_EVENTS);
  }
}
