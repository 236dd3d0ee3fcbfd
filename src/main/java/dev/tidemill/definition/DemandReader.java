package dev.tidemill.definition;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads {@code demand:} of a source. */
final class DemandReader {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,12}");

  private static final List<String> OVERFLOW = List.of("wait", "fail");
  private static final Duration PATIENCE = Duration.ofMinutes(10);

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
    Optional<OptionalLong> maxBytes =
        demand.text("max-bytes", text -> OptionalLong.of(bytes(text)), OptionalLong.empty());
    Optional<Optional<Duration>> patience = patience(demand);
    if (max.isEmpty() || min.isEmpty() || maxBytes.isEmpty() || patience.isEmpty()) {
      return Optional.empty();
    }
    if (min.get() >= max.get()) {
      demand.problemAt(
          "min", "'min' has to be less than 'max': the extractor goes on when so few are left");
      return Optional.empty();
    }
    return Optional.of(new Demand(max.get(), min.get(), maxBytes.get(), patience.get()));
  }

  private static long bytes(String text) {
    long bytes = BytesText.parse(text);
    if (bytes == 0) {
      throw new IllegalArgumentException(
          "'%s' is too little for any record; write more, such as 256MB".formatted(text));
    }
    return bytes;
  }

  private static Optional<Optional<Duration>> patience(Section demand) {
    Optional<Boolean> fails = demand.text("overflow", DemandReader::fails, false);
    Optional<Duration> patience = demand.text("patience", DurationText::parsePositive, PATIENCE);
    if (fails.isEmpty() || patience.isEmpty()) {
      return Optional.empty();
    }
    if (!fails.get() && demand.has("patience")) {
      demand.problemAtKey(
          "patience",
          "'patience' is how long to wait before the run fails; write 'overflow: fail' with it,"
              + " or remove it");
      return Optional.empty();
    }
    return Optional.of(patience.filter(limit -> fails.get()));
  }

  private static boolean fails(String text) {
    if (!OVERFLOW.contains(text)) {
      throw new IllegalArgumentException(
          "'%s' can not be used here%s"
              .formatted(text, Nearest.hint(text, OVERFLOW, "write one of")));
    }
    return text.equals("fail");
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
