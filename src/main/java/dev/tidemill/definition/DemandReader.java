package dev.tidemill.definition;

import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code demand:} of a source. */
final class DemandReader {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,12}");

  private DemandReader() {}

  /** Empty if anything is wrong with what is written. */
  static Optional<Optional<Demand>> read(Section source) {
    if (!source.has("demand")) {
      return Optional.of(Optional.empty());
    }
    if (source.has("table")) {
      source.problemAtKey("demand", "a table is read whole before anything else; remove 'demand'");
      return Optional.empty();
    }
    return source
        .section("demand", Vocabulary.DEMAND)
        .flatMap(DemandReader::demand)
        .map(Optional::of);
  }

  private static Optional<Demand> demand(Section demand) {
    Optional<Long> max = number(demand, "max");
    Optional<Long> min = demand.has("min") ? number(demand, "min") : max.map(m -> m / 2);
    if (max.isEmpty() || min.isEmpty()) {
      return Optional.empty();
    }
    if (min.get() >= max.get()) {
      demand.problemAt(
          "min", "'min' has to be less than 'max': the extractor goes on when so few are left");
      return Optional.empty();
    }
    return Optional.of(new Demand(max.get(), min.get()));
  }

  private static Optional<Long> number(Section demand, String key) {
    long least = key.equals("max") ? 1 : 0;
    return demand.scalar(key).flatMap(text -> text.as(value -> number(value, least)));
  }

  private static long number(String text, long least) {
    if (NUMBER.matcher(text).matches() && Long.parseLong(text) >= least) {
      return Long.parseLong(text);
    }
    throw new IllegalArgumentException(
        "'%s' is no number of records; write one from %d on, such as 100000"
            .formatted(text, least));
  }
}
