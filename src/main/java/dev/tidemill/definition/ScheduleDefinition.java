package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import dev.tidemill.batch.FiringPolicy;
import dev.tidemill.batch.FixedSchedule;
import dev.tidemill.batch.NoSchedule;
import dev.tidemill.batch.OnceSchedule;
import dev.tidemill.batch.Schedule;
import dev.tidemill.batch.ZonedSchedule;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * When an extractor looks for rows.
 *
 * @param every the macro, cron or duration as written
 * @param times empty: once, at the start
 * @param timezone of crons and macros; times are shown in it
 * @param policy of what can not simply run; its seed is for the run time to set
 */
public record ScheduleDefinition(
    String every, Optional<Schedule> times, ZoneId timezone, FiringPolicy policy) {

  public ScheduleDefinition {
    requireNonNull(every, "every");
    requireNonNull(times, "times");
    requireNonNull(timezone, "timezone");
    requireNonNull(policy, "policy");
  }

  /**
   * As it is written in a word, with the usual policy.
   *
   * @param text a cron, macro or duration
   * @throws IllegalArgumentException if it is none of them; the message says what is wrong
   */
  static ScheduleDefinition parse(String text, ZoneId zone) {
    Optional<Schedule> times =
        text.equals(MacroText.REBOOT)
            ? Optional.empty()
            : Optional.of(
                IntervalReader.isDuration(text)
                    ? ScheduleReader.fixed(text)
                    : new ZonedSchedule(ScheduleReader.recurrence(text), zone));
    return new ScheduleDefinition(text, times, zone, FiringPolicy.DEFAULT);
  }

  /**
   * What {@link #values} were given by; perhaps by another release.
   *
   * @param zone if the values name none
   * @throws IllegalArgumentException if they mean nothing here
   */
  public static ScheduleDefinition of(Map<String, String> values, ZoneId zone) {
    return ScheduleReader.of(values, zone);
  }

  /**
   * @param start what {@code @reboot} means
   */
  public Schedule schedule(Instant start) {
    return times.orElseGet(() -> new OnceSchedule(start));
  }

  /** All that {@code schedule:} of a definition can say of it, as it would be written there. */
  public Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    if (times.isEmpty()) {
      values.put("cron", MacroText.REBOOT);
    } else if (times.get() instanceof FixedSchedule) {
      values.put("every", every);
    } else if (times.get() instanceof ZonedSchedule zoned) {
      values.put("cron", every);
      values.put("timezone", zoneName());
      values.put("skipped-hour", BatchReader.text(zoned.skipped()));
      values.put("repeated-hour", BatchReader.text(zoned.repeated()));
    }
    values.put("overlap", BatchReader.text(policy.overlap()));
    values.put("misfire", BatchReader.text(policy.misfire()));
    values.put("misfire-cap", String.valueOf(policy.misfireCap()));
    values.put(
        "timeout", policy.timeout().map(DurationText::text).orElse(ScheduleReader.NO_TIMEOUT));
    values.put("retries", String.valueOf(policy.retries()));
    values.put("backoff", DurationText.text(policy.backOff()));
    values.put("jitter", DurationText.text(policy.jitter()));
    return values;
  }

  /** For people, such as {@code every weekday at 06:30, Europe/Berlin}. */
  public String inWords() {
    if (times.isEmpty()) {
      return "once, at the start";
    }
    if (times.get() instanceof NoSchedule) {
      return "never";
    }
    return times.get() instanceof ZonedSchedule zoned
        ? zoned.recurrence().inWords() + ", " + zoneName()
        : "every " + every;
  }

  /** For people, who do not read {@code Z} as a zone. */
  public String zoneName() {
    return timezone.equals(ZoneOffset.UTC) ? "UTC" : timezone.getId();
  }

  /** The first firings after {@code time}, by the clock of the zone. */
  public List<OffsetDateTime> next(Instant time, int limit) {
    return times
        .map(schedule -> schedule.after(time).limit(limit).map(this::local).toList())
        .orElse(List.of());
  }

  private OffsetDateTime local(Instant firing) {
    return firing.atZone(timezone).toOffsetDateTime();
  }
}
