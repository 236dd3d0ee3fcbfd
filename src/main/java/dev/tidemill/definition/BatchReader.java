package dev.tidemill.definition;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.Calendar;
import dev.tidemill.batch.CountCalendar;
import dev.tidemill.definition.BatchRule.Clock;
import dev.tidemill.definition.BatchRule.LatePolicy;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads {@code batch:}. */
final class BatchReader {
  private static final Duration LEAST_EARLY = Duration.ofSeconds(1);

  /** So many batches of a cron say how long its batches are. */
  private static final int SOME_BATCHES = 8;

  private BatchReader() {}

  static Optional<BatchRule> read(Section batch) {
    Optional<ZoneId> zone = batch.text("timezone", BatchReader::zone, ZoneOffset.UTC);
    Optional<Calendar> calendar = IntervalReader.read(batch, zone.orElse(ZoneOffset.UTC));
    Optional<Clock> clock = clock(batch, calendar);
    Optional<Duration> grace = batch.text("grace", DurationText::parse, Duration.ZERO);
    Optional<Duration> idleAfter =
        batch.text("idle-after", DurationText::parsePositive, Duration.ofSeconds(30));
    Optional<LatePolicy> late = batch.text("late", BatchReader::late, LatePolicy.REJECT);
    Optional<Duration> keep = batch.text("keep", DurationText::parsePositive, Duration.ofDays(7));
    Optional<Duration> maxAhead = batch.text("max-ahead", DurationText::parse, Duration.ofHours(1));
    Optional<Duration> amendAfter =
        batch.text("amend-after", DurationText::parsePositive, BatchRule.DEFAULT_AMEND_AFTER);
    Optional<MaxRejects> maxRejects = MaxRejectsReader.read(batch);
    Optional<Optional<Duration>> early =
        batch.text("early", text -> early(text, calendar), Optional.empty());
    if (batch.has("amend-after") && late.isPresent() && late.get() != LatePolicy.AMEND) {
      batch.problemAtKey(
          "amend-after", "'amend-after' belongs to 'late: amend'; write both or none");
    }
    if (clock.isPresent() && clock.get() != Clock.EVENT) {
      for (String needless : batch.written("grace", "late", "amend-after", "max-ahead")) {
        batch.problemAtKey(
            needless,
            "no record is late, or ahead, %s; remove '%s'"
                .formatted(
                    clock.get() == Clock.WALL ? "by 'clock: wall'" : "in batches of records",
                    needless));
      }
    }
    if (calendar.isEmpty()
        || clock.isEmpty()
        || zone.isEmpty()
        || grace.isEmpty()
        || idleAfter.isEmpty()
        || late.isEmpty()
        || keep.isEmpty()
        || maxAhead.isEmpty()
        || amendAfter.isEmpty()
        || maxRejects.isEmpty()
        || early.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new BatchRule(
            every(batch),
            zone.get(),
            calendar.get(),
            clock.get(),
            grace.get(),
            idleAfter.get(),
            late.get(),
            keep.get(),
            maxAhead.get(),
            amendAfter.get(),
            maxRejects.get(),
            early.get()));
  }

  private static Optional<Duration> early(String text, Optional<Calendar> calendar) {
    Duration early = DurationText.parse(text);
    if (early.compareTo(LEAST_EARLY) < 0) {
      throw new IllegalArgumentException(
          "'%s' is too often: each early result writes all rows; write 1s or more".formatted(text));
    }
    if (calendar.isPresent()
        && !(calendar.get() instanceof CountCalendar)
        && batches(calendar.get()).allMatch(b -> b.length().compareTo(early) <= 0)) {
      throw new IllegalArgumentException(
          "'%s' is as long as a batch, or longer: a batch would be over before its first early result; write less"
              .formatted(text));
    }
    return Optional.of(early);
  }

  private static Stream<Batch> batches(Calendar calendar) {
    return Stream.iterate(calendar.batchOf(Instant.EPOCH), calendar::next).limit(SOME_BATCHES);
  }

  private static String every(Section batch) {
    return Stream.of("every", "offset", "clock")
        .filter(batch::has)
        .map(key -> (key.equals("every") ? "" : key + " ") + batch.text(key).orElseThrow().value())
        .collect(Collectors.joining(" "));
  }

  /**
   * @throws IllegalArgumentException if there is no such zone
   */
  static ZoneId zone(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "there is no time zone '%s'%s"
              .formatted(
                  text,
                  Nearest.to(text, ZoneId.getAvailableZoneIds())
                      .map(near -> "; did you mean '" + near + "'?")
                      .orElse("; write one of the IANA names, such as America/New_York or UTC")));
    }
  }

  private static LatePolicy late(String text) {
    return one("late", text, LatePolicy.values());
  }

  private static Optional<Clock> clock(Section batch, Optional<Calendar> calendar) {
    if (calendar.isPresent() && calendar.get() instanceof CountCalendar) {
      if (batch.has("clock")) {
        batch.problemAtKey("clock", "records are counted by no clock; remove 'clock'");
      }
      return Optional.of(Clock.RECORDS);
    }
    return batch.text("clock", text -> one("clock", text, Clock.EVENT, Clock.WALL), Clock.EVENT);
  }

  /** The value that is written as its name is, with a - for each _. */
  @SafeVarargs
  static <E extends Enum<E>> E one(String key, String text, E... values) {
    Map<String, E> known = new LinkedHashMap<>();
    for (E value : values) {
      known.put(text(value), value);
    }
    return Optional.ofNullable(known.get(text))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown %s '%s'%s"
                        .formatted(key, text, Nearest.hint(text, known.keySet(), "write one of"))));
  }

  /** How {@link #one} reads it. */
  static String text(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
