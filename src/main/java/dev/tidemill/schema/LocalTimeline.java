package dev.tidemill.schema;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * Turns local times of one zone into instants, fast for times that are near each other: it keeps
 * the last stretch of local time that has one offset. Gaps and overlaps are left to {@link
 * ZonedDateTime#of}, which moves on by the gap, and takes the earlier offset of an overlap. Not
 * thread-safe.
 */
final class LocalTimeline {
  private final ZoneId zone;

  /** Local ms from which on, and before which, {@link #offsetMillis} is the only offset. */
  private long from = Long.MAX_VALUE;

  private long until = Long.MIN_VALUE;
  private long offsetMillis;

  LocalTimeline(ZoneId zone) {
    this.zone = zone;
  }

  ZoneId zone() {
    return zone;
  }

  /**
   * @param localMillis since 1970-01-01T00:00 of the zone's own clock; within the range of {@link
   *     LocalDateTime}
   * @return ms since the epoch
   */
  long epochMillis(long localMillis) {
    if (localMillis >= from && localMillis < until) {
      return localMillis - offsetMillis;
    }
    return slow(localMillis);
  }

  private long slow(long localMillis) {
    LocalDateTime local =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(localMillis, 1000L),
            (int) Math.floorMod(localMillis, 1000L) * 1_000_000,
            ZoneOffset.UTC);
    ZoneRules rules = zone.getRules();
    var offsets = rules.getValidOffsets(local);
    Instant instant = ZonedDateTime.of(local, zone).toInstant();
    if (offsets.size() == 1) {
      ZoneOffsetTransition before = rules.previousTransition(instant.plusNanos(1));
      ZoneOffsetTransition after = rules.nextTransition(instant);
      offsetMillis = offsets.get(0).getTotalSeconds() * 1000L;
      from = before == null ? Long.MIN_VALUE : later(before);
      until = after == null ? Long.MAX_VALUE : earlier(after);
    }
    return instant.toEpochMilli();
  }

  private static long later(ZoneOffsetTransition transition) {
    return Math.max(millis(transition.getDateTimeBefore()), millis(transition.getDateTimeAfter()));
  }

  private static long earlier(ZoneOffsetTransition transition) {
    return Math.min(millis(transition.getDateTimeBefore()), millis(transition.getDateTimeAfter()));
  }

  private static long millis(LocalDateTime local) {
    return local.toEpochSecond(ZoneOffset.UTC) * 1000L;
  }
}
