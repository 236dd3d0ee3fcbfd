package dev.tidemill.events;

/**
 * Is told of events, one at a time and in their order, by a thread of its own. It can not hurt the
 * pipeline: a slow one loses events, and one that throws is called again with the next event, or
 * left out for a while if it goes on throwing ({@link Subscription}).
 *
 * <p>One that is {@link AutoCloseable} too is closed by the same thread, after its last event.
 */
@FunctionalInterface
public interface EventListener {
  void on(Event event) throws Exception;
}
