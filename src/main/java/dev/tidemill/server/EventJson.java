package dev.tidemill.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.events.Event;
import java.util.TreeMap;

/** Events as JSON. What an event does not have is left out. */
final class EventJson {
  private EventJson() {}

  static ObjectNode of(Event event) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("event", event.name()).put("time", event.time().toString());
    event.span().ifPresent(span -> json.put("span", span));
    event.duration().ifPresent(duration -> json.put("millis", duration.toNanos() / 1e6));
    new TreeMap<>(event.metadata()).forEach(json::put);
    new TreeMap<>(event.measurements()).forEach(json::put);
    event.error().ifPresent(error -> json.put("error", error.toString()));
    return json;
  }
}
