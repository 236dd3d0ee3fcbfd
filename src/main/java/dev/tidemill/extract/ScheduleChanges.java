package dev.tidemill.extract;

import dev.tidemill.definition.ScheduleDefinition;
import dev.tidemill.definition.ScheduleOverride;
import dev.tidemill.events.EventType;
import dev.tidemill.events.Events;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of changes of a source's schedule, each once in this process: what was obeyed without a
 * commit is obeyed again. Not thread-safe.
 */
final class ScheduleChanges {
  private static final Logger LOG = LoggerFactory.getLogger(ScheduleChanges.class);
  private static final String PROCESS = ManagementFactory.getRuntimeMXBean().getName();

  private final String source;
  private final Events events;
  private long told = -1;
  private boolean isDefinitionTold;

  ScheduleChanges(String source, Events events) {
    this.source = source;
    this.events = events;
  }

  /**
   * The schedule of the definition that was obeyed last.
   *
   * @param said its values; empty if they are not known
   * @return {@code definition} itself if that says the same, or nobody can tell
   */
  static ScheduleDefinition former(Map<String, String> said, ScheduleDefinition definition) {
    if (said.isEmpty() || said.equals(definition.values())) {
      return definition;
    }
    try {
      ScheduleDefinition former = ScheduleDefinition.of(said, definition.timezone());
      return former.values().equals(definition.values()) ? definition : former;
    } catch (IllegalArgumentException e) {
      LOG.warn("The former schedule {} is not understood: {}", said, e.getMessage());
      return definition;
    }
  }

  /** For people: all of it. */
  static String inWords(ScheduleDefinition schedule, boolean paused) {
    Map<String, String> values = schedule.values();
    boolean isNever = !values.containsKey("cron") && !values.containsKey("every");
    return (paused ? "paused; " : "")
        + (isNever ? "never, " : "")
        + ScheduleOverride.inWords(values);
  }

  void obeyed(ToldCommand command, String from, String to) {
    if (command.offset() > told) {
      told = command.offset();
      String word = command.command().text().split(" ", 2)[0];
      tell(word.toLowerCase(Locale.ROOT), command.at(), from, to);
    }
  }

  /** Of a definition that has another schedule than the last one. */
  void followed(Instant start, String from, String to) {
    if (!isDefinitionTold) {
      isDefinitionTold = true;
      tell("definition", start, from, to);
    }
  }

  private void tell(String change, Instant at, String from, String to) {
    if (!from.equals(to)) {
      LOG.info("Source {}: its schedule was {}, and is {}", source, from, to);
      events
          .event(EventType.SCHEDULE_CHANGED)
          .with("source", source)
          .with("change", change)
          .with("process", PROCESS)
          .with("given", at.toString())
          .with("from", from)
          .with("to", to)
          .emit();
    }
  }
}
