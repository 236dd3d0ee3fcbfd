package dev.tidemill.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.batch.Cron;
import dev.tidemill.batch.FiringPolicy;
import dev.tidemill.batch.ZonedCalendar;
import dev.tidemill.definition.BatchRule;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.RelationDefinition;
import dev.tidemill.definition.ScheduleDefinition;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the schedules of a definition mean, in words, and when they fire next. */
final class Schedules {
  private static final int NEXT = 5;

  private Schedules() {}

  /** A line for batches that begin by a cron, and for each source that has a schedule. */
  static List<String> lines(PipelineDefinition definition, Clock clock) {
    Instant now = clock.instant();
    List<String> lines = new ArrayList<>();
    if (definition.batch().calendar() instanceof ZonedCalendar calendar
        && calendar.boundaries().recurrence() instanceof Cron) {
      lines.add("batches begin " + line(boundaries(calendar, definition.batch()), now));
    }
    of(definition)
        .forEach((source, schedule) -> lines.add(source + " is read " + line(schedule, now)));
    return lines;
  }

  private static ScheduleDefinition boundaries(ZonedCalendar calendar, BatchRule batch) {
    return new ScheduleDefinition(
        batch.every(), Optional.of(calendar.boundaries()), batch.timezone(), FiringPolicy.DEFAULT);
  }

  private static String line(ScheduleDefinition schedule, Instant now) {
    List<OffsetDateTime> next = schedule.next(now, NEXT);
    if (next.isEmpty()) {
      return schedule.inWords() + (schedule.times().isEmpty() ? "" : "; never again");
    }
    return schedule.inWords()
        + "; next: "
        + next.stream().map(OffsetDateTime::toString).collect(Collectors.joining(", "));
  }

  static void json(PipelineDefinition definition, Clock clock, ArrayNode schedules) {
    Instant now = clock.instant();
    of(definition)
        .forEach(
            (source, schedule) -> {
              ObjectNode node = schedules.addObject();
              node.put("source", source);
              node.put("schedule", schedule.every());
              node.put("timezone", schedule.zoneName());
              node.put("words", schedule.inWords());
              ArrayNode next = node.putArray("next");
              schedule.next(now, NEXT).forEach(firing -> next.add(firing.toString()));
            });
  }

  private static Map<String, ScheduleDefinition> of(PipelineDefinition definition) {
    Map<String, ScheduleDefinition> schedules = new LinkedHashMap<>();
    for (RelationDefinition source : definition.relations()) {
      if (source.origin() instanceof Origin.Extracted extracted) {
        extracted
            .publishing()
            .schedule()
            .ifPresent(schedule -> schedules.put(source.name(), schedule));
      }
    }
    return schedules;
  }
}
