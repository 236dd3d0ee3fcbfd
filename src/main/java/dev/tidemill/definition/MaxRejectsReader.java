package dev.tidemill.definition;

import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code max-rejects:}, one limit or a mapping of both. */
final class MaxRejectsReader {
  private static final String KEY = "max-rejects";
  private static final Pattern PERCENT = Pattern.compile("[0-9]{1,2}(\\.[0-9]{1,6})?%");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private MaxRejectsReader() {}

  /** Empty if anything is wrong with what is written. */
  static Optional<MaxRejects> read(Section batch) {
    if (!batch.has(KEY)) {
      return Optional.of(MaxRejects.ANY);
    }
    if (batch.isMapping(KEY)) {
      return batch.section(KEY, Vocabulary.MAX_REJECTS).flatMap(MaxRejectsReader::mapping);
    }
    return batch.scalar(KEY).flatMap(text -> text.as(MaxRejectsReader::one));
  }

  private static Optional<MaxRejects> mapping(Section section) {
    if (section.written("share", "in-a-row").isEmpty()) {
      section.problem("'max-rejects' is empty; write 'share: 10%', 'in-a-row: 1000', or both");
      return Optional.empty();
    }
    Optional<Optional<Double>> share =
        section.has("share")
            ? section
                .scalar("share")
                .flatMap(t -> t.as(MaxRejectsReader::percent))
                .map(Optional::of)
            : Optional.of(Optional.empty());
    Optional<Optional<Long>> inARow =
        section.has("in-a-row")
            ? section
                .scalar("in-a-row")
                .flatMap(t -> t.as(MaxRejectsReader::number))
                .map(Optional::of)
            : Optional.of(Optional.empty());
    return share.flatMap(s -> inARow.map(n -> new MaxRejects(s, n)));
  }

  private static MaxRejects one(String text) {
    if (text.endsWith("%")) {
      return new MaxRejects(Optional.of(percent(text)), Optional.empty());
    }
    if (NUMBER.matcher(text).matches()) {
      return new MaxRejects(Optional.empty(), Optional.of(number(text)));
    }
    throw new IllegalArgumentException(
        "'%s' is no limit; write a share of a batch, such as 10%%, or a number of records in a row, such as 1000"
            .formatted(text));
  }

  private static double percent(String text) {
    if (PERCENT.matcher(text).matches()) {
      double percent = Double.parseDouble(text.substring(0, text.length() - 1));
      if (percent > 0) {
        return percent;
      }
    }
    throw new IllegalArgumentException(
        "'%s' is no share; write a percentage above 0%% and below 100%%, such as 10%% or 0.5%%"
            .formatted(text));
  }

  private static long number(String text) {
    if (NUMBER.matcher(text).matches() && Long.parseLong(text) > 0) {
      return Long.parseLong(text);
    }
    throw new IllegalArgumentException(
        "'%s' is no number of records; write 1 to 999999999, such as 1000".formatted(text));
  }
}
