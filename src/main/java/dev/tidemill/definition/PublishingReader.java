package dev.tidemill.definition;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;

/** Reads how an extractor publishes, which is the same wherever it reads from. */
final class PublishingReader {
  private static final String COMPLETE_AFTER = "complete-after";
  private static final String RATE = "rate";
  private static final String SCHEDULE = "schedule";
  private static final int DEFAULT_PARTITIONS = 4;
  private static final int MAX_PARTITIONS = 1000;

  private PublishingReader() {}

  /**
   * @param origin {@code file:}, and the like; it has {@code partitions}
   * @param interval the key of the origin that says how often it is looked at
   * @param batchZone of schedules that have none of their own
   * @return empty if anything is wrong with what is written
   */
  static Optional<Publishing> read(
      Section source, Section origin, String interval, ZoneId batchZone) {
    Optional<Integer> partitions =
        origin.has("partitions") ? partitions(origin) : Optional.of(DEFAULT_PARTITIONS);
    Optional<Optional<Demand>> demand = DemandReader.read(source);
    Optional<Optional<Duration>> completeAfter =
        completeAfter(source, origin.has(interval) || source.has(SCHEDULE));
    Optional<Optional<ScheduleDefinition>> schedule = ScheduleReader.read(source, batchZone);
    Optional<Optional<Rate>> rate =
        source.text(RATE, text -> Optional.of(Rate.parse(text)), Optional.empty());
    refuseSchedule(source, origin, interval);
    if (partitions.isEmpty()
        || demand.isEmpty()
        || completeAfter.isEmpty()
        || rate.isEmpty()
        || schedule.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Publishing(
            partitions.get(), demand.get(), completeAfter.get(), rate.get(), schedule.get()));
  }

  /**
   * What is only for sources that an extractor of ours publishes.
   *
   * @return whether there is none of it
   */
  static boolean refuseOfTopic(Section source) {
    if (source.has("demand")) {
      source.problemAtKey(
          "demand", "'demand' holds back an extractor, and a topic has none here; remove it");
    }
    if (source.has(COMPLETE_AFTER)) {
      source.problemAtKey(
          COMPLETE_AFTER,
          "'complete-after' is what an extractor says, and a topic has none here; remove it");
    }
    if (source.has(RATE)) {
      source.problemAtKey(
          RATE, "'rate' holds back an extractor, and a topic has none here; remove it");
    }
    if (source.has(SCHEDULE)) {
      source.problemAtKey(
          SCHEDULE, "'schedule' is when an extractor looks, and a topic has none here; remove it");
    }
    return source.written("demand", COMPLETE_AFTER, RATE, SCHEDULE).isEmpty();
  }

  private static void refuseSchedule(Section source, Section origin, String interval) {
    if (!source.has(SCHEDULE)) {
      return;
    }
    if (origin.has(interval)) {
      origin.problemAtKey(
          interval,
          "'schedule' says when to look, and so does '" + interval + "'; remove one of them");
    }
  }

  private static Optional<Optional<Duration>> completeAfter(Section source, boolean looksAgain) {
    if (source.has(COMPLETE_AFTER) && source.has("table")) {
      source.problemAtKey(COMPLETE_AFTER, "a table is in no batch; remove 'complete-after'");
      return Optional.empty();
    }
    if (source.has(COMPLETE_AFTER) && !looksAgain) {
      source.problemAtKey(
          COMPLETE_AFTER,
          "this source is read once, and its end says that nothing is missing; remove"
              + " 'complete-after'");
      return Optional.empty();
    }
    return source.text(
        COMPLETE_AFTER, text -> Optional.of(DurationText.parse(text)), Optional.empty());
  }

  private static Optional<Integer> partitions(Section origin) {
    return origin
        .scalar("partitions")
        .flatMap(text -> text.as(value -> partitions(value, text.isTyped())));
  }

  private static int partitions(String text, boolean isTyped) {
    if (isTyped && text.matches("[0-9]{1,4}")) {
      int partitions = Integer.parseInt(text);
      if (partitions >= 1 && partitions <= MAX_PARTITIONS) {
        return partitions;
      }
    }
    throw new IllegalArgumentException(
        "'%s' is not a number of partitions; write 1 to %d, without quotes"
            .formatted(text, MAX_PARTITIONS));
  }
}
