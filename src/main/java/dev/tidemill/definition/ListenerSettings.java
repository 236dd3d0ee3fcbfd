package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import dev.tidemill.events.EventListener;
import java.util.List;

/**
 * A listener that the server file names. Immutable.
 *
 * @param name of its class
 * @param events prefixes of the events that it is told of; {@code ""} is all
 * @param listener made when the file was read
 */
public record ListenerSettings(String name, List<String> events, EventListener listener) {
  public ListenerSettings {
    requireNonNull(name, "name");
    events = List.copyOf(events);
    requireNonNull(listener, "listener");
  }
}
