package dev.tidemill.definition;

import dev.tidemill.batch.Calendar;
import dev.tidemill.definition.BatchRule.LatePolicy;
import java.time.DateTimeException;
import java.time.Duration;
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
  private BatchReader() {}

  static Optional<BatchRule> read(Section batch) {
    Optional<ZoneId> zone = batch.text("timezone", BatchReader::zone, ZoneOffset.UTC);
    Optional<Calendar> calendar = IntervalReader.read(batch, zone.orElse(ZoneOffset.UTC));
    Optional<Duration> grace = batch.text("grace", DurationText::parse, Duration.ZERO);
    Optional<Duration> idleAfter =
        batch.text("idle-after", DurationText::parsePositive, Duration.ofSeconds(30));
    Optional<LatePolicy> late = batch.text("late", BatchReader::late, LatePolicy.REJECT);
    Optional<Duration> keep = batch.text("keep", DurationText::parsePositive, Duration.ofDays(7));
    Optional<Duration> maxAhead = batch.text("max-ahead", DurationText::parse, Duration.ofHours(1));
    Optional<Duration> amendAfter =
        batch.text("amend-after", DurationText::parsePositive, BatchRule.DEFAULT_AMEND_AFTER);
    if (batch.has("amend-after") && late.isPresent() && late.get() != LatePolicy.AMEND) {
      batch.problemAtKey(
          "amend-after", "'amend-after' belongs to 'late: amend'; write both or none");
    }
    if (calendar.isEmpty()
        || zone.isEmpty()
        || grace.isEmpty()
        || idleAfter.isEmpty()
        || late.isEmpty()
        || keep.isEmpty()
        || maxAhead.isEmpty()
        || amendAfter.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new BatchRule(
            every(batch),
            zone.get(),
            calendar.get(),
            grace.get(),
            idleAfter.get(),
            late.get(),
            keep.get(),
            maxAhead.get(),
            amendAfter.get()));
  }

  private static String every(Section batch) {
    return Stream.of("every", "offset")
        .filter(batch::has)
        .map(key -> batch.text(key).orElseThrow().value())
        .collect(Collectors.joining(" offset "));
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
    Map<String, LatePolicy> known = new LinkedHashMap<>();
    for (LatePolicy policy : LatePolicy.values()) {
      known.put(policy.name().toLowerCase(Locale.ROOT), policy);
    }
    return Optional.ofNullable(known.get(text))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown late '%s'%s"
                        .formatted(text, Nearest.hint(text, known.keySet(), "write one of"))));
  }
}
