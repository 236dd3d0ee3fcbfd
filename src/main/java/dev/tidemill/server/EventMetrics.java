package dev.tidemill.server;

import dev.tidemill.events.Event;
import dev.tidemill.events.EventListener;
import dev.tidemill.events.EventType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * Counts events, sums what they measure, and times what has ended: a listener that knows of no
 * event in particular. Meters have the labels of an event, never its details, so there are few.
 */
final class EventMetrics implements EventListener {
  private final MeterRegistry registry;

  EventMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void on(Event event) {
    EventType type = event.type();
    Tags tags = Tags.of("pipeline", event.metadata().getOrDefault("pipeline", ""));
    for (String label : type.labels()) { // always all of them: Prometheus wants the same each time
      tags = tags.and(label, event.metadata().getOrDefault(label, ""));
    }
    Counter.builder("tidemill.events")
        .description("Events of this process, by name")
        .tags(Tags.of("pipeline", event.metadata().getOrDefault("pipeline", "")))
        .tag("event", event.name())
        .register(registry)
        .increment();
    String meter = "tidemill." + type.path();
    if (event.duration().isPresent()) {
      Timer.builder(meter)
          .description("How long each took, in this process")
          .tags(
              type.isSpan() ? tags.and("failed", String.valueOf(event.error().isPresent())) : tags)
          .register(registry)
          .record(event.duration().get());
    }
    Tags measured = tags;
    event
        .measurements()
        .forEach(
            (name, value) ->
                Counter.builder(meter + "." + name)
                    .description("Sum of what the events of this process measured")
                    .tags(measured)
                    .register(registry)
                    .increment(value));
  }
}
