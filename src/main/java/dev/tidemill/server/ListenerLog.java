package dev.tidemill.server;

import dev.tidemill.events.Event;
import dev.tidemill.events.EventListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log what is wrong with other listeners. */
final class ListenerLog implements EventListener {
  private static final Logger log = LoggerFactory.getLogger(ListenerLog.class);

  @Override
  public void on(Event event) {
    String listener = event.metadata().get("listener");
    switch (event.type()) {
      case LISTENER_BEHIND ->
          log.warn("The listener {} is too slow; from here on it loses events", listener);
      case LISTENER_LOST ->
          log.warn(
              "The listener {} takes events again; it has lost {}",
              listener,
              event.measurements().get("events"));
      case LISTENER_FAILED ->
          log.warn("The listener {} has failed", listener, event.error().orElse(null));
      case LISTENER_SUSPENDED ->
          log.warn(
              "The listener {} fails again and again; it is left out for {} ms",
              listener,
              event.measurements().get("millis"));
      default -> {}
    }
  }
}
