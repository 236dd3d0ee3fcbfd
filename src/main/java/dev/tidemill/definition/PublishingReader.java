package dev.tidemill.definition;

import java.time.Duration;
import java.util.Optional;

/** Reads how an extractor publishes, which is the same wherever it reads from. */
final class PublishingReader {
  private static final String COMPLETE_AFTER = "complete-after";
  private static final int DEFAULT_PARTITIONS = 4;
  private static final int MAX_PARTITIONS = 1000;

  private PublishingReader() {}

  /**
   * @param origin {@code file:}, and the like; it has {@code partitions}
   * @param looksAgain whether it is read more than once, so that more may come
   * @return empty if anything is wrong with what is written
   */
  static Optional<Publishing> read(Section source, Section origin, boolean looksAgain) {
    Optional<Integer> partitions =
        origin.has("partitions") ? partitions(origin) : Optional.of(DEFAULT_PARTITIONS);
    Optional<Optional<Demand>> demand = DemandReader.read(source);
    Optional<Optional<Duration>> completeAfter = completeAfter(source, looksAgain);
    if (partitions.isEmpty() || demand.isEmpty() || completeAfter.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Publishing(partitions.get(), demand.get(), completeAfter.get()));
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
    return source.written("demand", COMPLETE_AFTER).isEmpty();
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
