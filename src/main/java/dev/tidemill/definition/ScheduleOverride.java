package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import dev.tidemill.batch.NoSchedule;
import dev.tidemill.batch.ZonedSchedule;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What holds in the place of what a definition says: somebody has changed a source's schedule while
 * the pipeline runs.
 *
 * @param written keys and values of {@code schedule:}; what is not among them is the definition's.
 *     Empty: the source is never read
 */
public record ScheduleOverride(Optional<Map<String, String>> written) {
  public static final ScheduleOverride NEVER = new ScheduleOverride(Optional.empty());

  /** What a time is called by who need not know which kind it is. */
  public static final String SCHEDULE = "schedule";

  private static final String CRON = "cron";
  private static final String EVERY = "every";
  private static final List<String> OF_A_ZONE =
      List.of("timezone", "skipped-hour", "repeated-hour");

  public ScheduleOverride {
    requireNonNull(written, "written");
    written = written.map(keys -> Collections.unmodifiableMap(new LinkedHashMap<>(keys)));
  }

  /**
   * @param said as {@code schedule:} of a definition, and its time perhaps as {@link #SCHEDULE}: a
   *     cron, macro or duration. Without a time, that of the definition stays
   * @throws IllegalArgumentException if it means nothing; the message says all that is wrong
   */
  public static ScheduleOverride of(Map<String, String> said) {
    Map<String, String> keys = new LinkedHashMap<>();
    said.forEach((key, value) -> keys.put(key.equals(SCHEDULE) ? kind(value) : key, value));
    if (keys.size() < said.size()) {
      throw new IllegalArgumentException("'schedule' is 'cron' or 'every'; remove one");
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("nothing is to be set; write a cron, or another key");
    }
    Map<String, String> whole = new LinkedHashMap<>(keys);
    if (!hasTime(keys)) {
      OF_A_ZONE.stream()
          .filter(keys::containsKey)
          .findFirst()
          .ifPresent(
              key -> {
                throw new IllegalArgumentException(
                    "'%s' is said of a cron; write the cron, too".formatted(key));
              });
      whole.put(CRON, "@daily");
    }
    ScheduleReader.of(whole, ZoneOffset.UTC);
    return new ScheduleOverride(Optional.of(keys));
  }

  private static String kind(String time) {
    return IntervalReader.isDuration(time) ? EVERY : CRON;
  }

  private static boolean hasTime(Map<String, String> keys) {
    return keys.containsKey(CRON) || keys.containsKey(EVERY);
  }

  /** What holds while this does. */
  public ScheduleDefinition over(ScheduleDefinition definition) {
    if (written.isEmpty()) {
      return new ScheduleDefinition(
          "never", Optional.of(new NoSchedule()), definition.timezone(), definition.policy());
    }
    Map<String, String> keys = written.get();
    Map<String, String> whole = new LinkedHashMap<>(definition.values());
    whole.keySet().removeAll(List.of(CRON, EVERY));
    String cron = hasTime(keys) ? keys.getOrDefault(CRON, MacroText.REBOOT) : MacroText.REBOOT;
    if (cron.equals(MacroText.REBOOT)) {
      whole.keySet().removeAll(OF_A_ZONE);
    } else if (hasUsualHour(definition)) {
      whole.remove("repeated-hour"); // what is usual depends on the cron
    }
    if (!hasTime(keys)) {
      whole.put(CRON, MacroText.REBOOT);
    }
    whole.putAll(keys);
    ScheduleDefinition other = ScheduleReader.of(whole, definition.timezone());
    return hasTime(keys)
        ? other
        : new ScheduleDefinition(
            definition.every(), definition.times(), definition.timezone(), other.policy());
  }

  private static boolean hasUsualHour(ScheduleDefinition definition) {
    return definition
        .times()
        .map(
            times ->
                times instanceof ZonedSchedule zoned
                    && zoned.repeated() == ZonedSchedule.usual(zoned.recurrence()))
        .orElse(false);
  }

  /** For people, such as {@code cron 0 2 * * *, overlap queue}. */
  public String inWords() {
    return written.map(ScheduleOverride::inWords).orElse("never");
  }

  /** For people, the same of all that a schedule says. */
  public static String inWords(Map<String, String> values) {
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }
}
