package dev.tidemill.server;

import dev.tidemill.events.Event;
import dev.tidemill.events.EventListener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** Remembers the last events of this process. Thread-safe. */
final class RecentEvents implements EventListener {
  static final int MOST = 1_000;

  private final Deque<Event> events = new ArrayDeque<>();

  @Override
  public synchronized void on(Event event) {
    if (events.size() == MOST) {
      events.removeFirst();
    }
    events.addLast(event);
  }

  /** The last ones under a prefix, newest last. */
  synchronized List<Event> under(String prefix, int most) {
    List<Event> found = new ArrayList<>();
    Iterator<Event> newestFirst = events.descendingIterator();
    while (newestFirst.hasNext() && found.size() < most) {
      Event event = newestFirst.next();
      if (event.isUnder(prefix)) {
        found.add(0, event);
      }
    }
    return found;
  }
}
