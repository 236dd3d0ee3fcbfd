package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import dev.tidemill.batch.NoSchedule;
import dev.tidemill.batch.ZonedSchedule;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * When a source is read, in the place of what its definition says: somebody has changed it while
 * the pipeline runs. What becomes of firings that can not simply run is still the definition's.
 *
 * @param schedule a cron, macro or duration; empty: never
 * @param timezone empty: that of the definition
 */
public record ScheduleOverride(Optional<String> schedule, Optional<ZoneId> timezone) {
  public static final ScheduleOverride NEVER =
      new ScheduleOverride(Optional.empty(), Optional.empty());

  public ScheduleOverride {
    requireNonNull(schedule, "schedule");
    requireNonNull(timezone, "timezone");
  }

  /**
   * @throws IllegalArgumentException if it means nothing; the message says what is wrong
   */
  public static ScheduleOverride parse(String schedule, Optional<String> timezone) {
    ScheduleDefinition meant = ScheduleDefinition.parse(schedule, ZoneOffset.UTC);
    boolean isZoned = meant.times().filter(ZonedSchedule.class::isInstance).isPresent();
    if (timezone.isPresent() && !isZoned) {
      throw new IllegalArgumentException(
          "'%s' is the same in every zone; leave the time zone out".formatted(schedule));
    }
    return new ScheduleOverride(Optional.of(schedule), timezone.map(BatchReader::zone));
  }

  /** What holds while this does. */
  public ScheduleDefinition over(ScheduleDefinition definition) {
    ZoneId zone = timezone.orElse(definition.timezone());
    ScheduleDefinition other =
        schedule
            .map(text -> ScheduleDefinition.parse(text, zone))
            .orElseGet(
                () ->
                    new ScheduleDefinition(
                        "never", Optional.of(new NoSchedule()), zone, definition.policy()));
    return new ScheduleDefinition(
        other.every(), other.times(), other.timezone(), definition.policy());
  }
}
