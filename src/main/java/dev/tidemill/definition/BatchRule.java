package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import dev.tidemill.batch.Calendar;
import dev.tidemill.batch.CountCalendar;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;

/**
 * How event time is cut into batches and when they end.
 *
 * @param every the macro, cron or length as written, with its offset and its clock
 * @param calendar what {@code every} means; macros and crons in {@code timezone}
 * @param clock what tells to which batch a record belongs
 * @param grace event time: how late a record may be and still be in time
 * @param idleAfter wall time: how long a source partition must be caught up and silent to count as
 *     idle
 * @param late what becomes of late records
 * @param keep event time: how long a closed batch can be amended and queried; see {@link #keepOpen}
 * @param maxAhead how far an event time may lie after the record's Kafka timestamp (rule 10)
 * @param amendAfter wall time: for how long late records are gathered at most, until their batches
 *     are amended; of {@link LatePolicy#AMEND} only
 * @param maxRejects how many records may be rejected until the pipeline pauses
 * @param early wall time: how often a batch that is open is published as it is then; empty: never
 */
public record BatchRule(
    String every,
    ZoneId timezone,
    Calendar calendar,
    Clock clock,
    Duration grace,
    Duration idleAfter,
    LatePolicy late,
    Duration keep,
    Duration maxAhead,
    Duration amendAfter,
    MaxRejects maxRejects,
    Optional<Duration> early) {

  /** Of {@link #amendAfter}. */
  public static final Duration DEFAULT_AMEND_AFTER = Duration.ofMinutes(1);

  /** What tells to which batch a record belongs. */
  public enum Clock {
    /** The time that the record tells. */
    EVENT,
    /**
     * The time at which the broker wrote it, or a record in front of it if that is later. So no
     * record is late, and every batch is a function of the log all the same.
     */
    WALL,
    /** How many records of its partition are in front of it; the calendar counts them. */
    RECORDS
  }

  /** What becomes of a record whose batch is over by its own source partition's clock. */
  public enum LatePolicy {
    /** It goes to the rejects. */
    REJECT,
    /** It is merged into its batch, which is published again. */
    AMEND,
    /** It is merged into the batch that its partition's clock is in. */
    CARRY
  }

  public BatchRule {
    requireNonNull(every, "every");
    requireNonNull(timezone, "timezone");
    requireNonNull(calendar, "calendar");
    requireNonNull(clock, "clock");
    if ((clock == Clock.RECORDS) != (calendar instanceof CountCalendar)) {
      throw new IllegalArgumentException("records are counted by both or by none");
    }
    requireNonNull(grace, "grace");
    requireNonNull(idleAfter, "idleAfter");
    requireNonNull(late, "late");
    requireNonNull(keep, "keep");
    requireNonNull(maxAhead, "maxAhead");
    requireNonNull(amendAfter, "amendAfter");
    requireNonNull(maxRejects, "maxRejects");
    requireNonNull(early, "early");
  }

  /** Any number of records may be rejected, and nothing is published early. */
  public BatchRule(
      String every,
      ZoneId timezone,
      Calendar calendar,
      Clock clock,
      Duration grace,
      Duration idleAfter,
      LatePolicy late,
      Duration keep,
      Duration maxAhead,
      Duration amendAfter) {
    this(
        every,
        timezone,
        calendar,
        clock,
        grace,
        idleAfter,
        late,
        keep,
        maxAhead,
        amendAfter,
        MaxRejects.ANY,
        Optional.empty());
  }

  /** Published every so often while it is open. */
  public BatchRule early(Duration each) {
    return new BatchRule(
        every,
        timezone,
        calendar,
        clock,
        grace,
        idleAfter,
        late,
        keep,
        maxAhead,
        amendAfter,
        maxRejects,
        Optional.of(each));
  }

  public BatchRule with(MaxRejects other) {
    return new BatchRule(
        every,
        timezone,
        calendar,
        clock,
        grace,
        idleAfter,
        late,
        keep,
        maxAhead,
        amendAfter,
        other,
        early);
  }

  /**
   * How long after its end and grace a batch can be merged into and queried, on the line of the
   * calendar. It is {@code keep}, but where that line counts batches and is no time.
   */
  public Duration keepOpen() {
    return clock == Clock.RECORDS ? CountCalendar.KEEP : keep;
  }
}
