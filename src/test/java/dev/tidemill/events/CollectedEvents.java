package dev.tidemill.events;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Keeps what it is told, for tests that wait for something to happen. Thread-safe. */
public final class CollectedEvents implements EventListener {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private final List<Event> events = new ArrayList<>();

  @Override
  public synchronized void on(Event event) {
    events.add(event);
    notifyAll();
  }

  /** In their order, so far. */
  public synchronized List<Event> all() {
    return List.copyOf(events);
  }

  public List<String> names() {
    return all().stream().map(Event::name).toList();
  }

  /** Those under a prefix. */
  public List<Event> under(String prefix) {
    return all().stream().filter(event -> event.isUnder(prefix)).toList();
  }

  /** The first event that is as wanted, waiting for it if need be. */
  public synchronized Event await(String what, Predicate<Event> wanted) {
    long end = System.nanoTime() + BOUND.toNanos();
    for (int seen = 0; ; ) {
      for (; seen < events.size(); seen++) {
        if (wanted.test(events.get(seen))) {
          return events.get(seen);
        }
      }
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("no event within " + BOUND + ": " + what + ", of " + events);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** The first one of that name. */
  public Event await(String name) {
    return await(name, event -> event.name().equals(name));
  }
}
