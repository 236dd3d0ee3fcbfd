package dev.tidemill.definition;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/** Reads {@code dedupe:}, and holds it against schema and key. */
final class DedupeReader {
  private DedupeReader() {}

  /**
   * @param clock of the batches; empty if it is not known
   * @param key the source's key, if it has one and it could be read
   * @return empty if anything is wrong with what is written
   */
  static Optional<Optional<Dedupe>> read(
      Section source,
      Optional<BatchRule.Clock> clock,
      Optional<Schema> schema,
      Optional<Origin> origin,
      Optional<String> key) {
    if (!source.has("dedupe")) {
      return Optional.of(Optional.empty());
    }
    return source
        .section("dedupe", Vocabulary.DEDUPE)
        .flatMap(section -> dedupe(section, clock, schema))
        .filter(dedupe -> checkKey(source, dedupe, origin, key))
        .map(Optional::of);
  }

  private static Optional<Dedupe> dedupe(
      Section section, Optional<BatchRule.Clock> clock, Optional<Schema> schema) {
    Optional<Optional<Duration>> within =
        section.text("within", DedupeReader::within, Optional.empty());
    if (within.flatMap(w -> w).isPresent() && clock.equals(Optional.of(BatchRule.Clock.RECORDS))) {
      section.problemAt("within", "batches of records know no time of the event; write batch");
      return Optional.empty();
    }
    Optional<List<Text>> by = section.texts("by");
    if (by.isPresent() && by.get().isEmpty()) {
      section.problemAt("by", "'by' is empty; name the fields in which equal records agree");
      return Optional.empty();
    }
    if (by.isEmpty() || within.isEmpty()) {
      return Optional.empty();
    }
    Set<String> seen = new HashSet<>();
    boolean fine = true;
    for (Text field : by.get()) {
      fine &= field.as(name -> field(name, schema, seen)).isPresent();
    }
    return fine
        ? Optional.of(new Dedupe(by.get().stream().map(Text::value).toList(), within.get()))
        : Optional.empty();
  }

  private static String field(String name, Optional<Schema> schema, Set<String> seen) {
    if (!seen.add(name)) {
      throw new IllegalArgumentException("field '" + name + "' is there twice; remove one");
    }
    return schema.isEmpty() ? name : SourceReader.single(name, schema.get(), "compared");
  }

  private static Optional<Duration> within(String text) {
    if (text.equals("batch")) {
      return Optional.empty();
    }
    try {
      return Optional.of(DurationText.parsePositive(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("write batch, or a duration: " + e.getMessage(), e);
    }
  }

  /** Equal records are only found in one partition, so their key must be equal too. */
  private static boolean checkKey(
      Section source, Dedupe dedupe, Optional<Origin> origin, Optional<String> key) {
    if (key.isPresent() && !dedupe.by().contains(key.get())) {
      source.problemAt(
          "key",
          ("records that 'dedupe' takes as equal can have different keys, and so be in different"
                  + " partitions, where they are not found; add '%s' to 'by', or write one of %s")
              .formatted(key.get(), dedupe.by()));
      return false;
    }
    if (key.isEmpty() && !source.has("key") && origin.orElse(null) instanceof Origin.Extracted) {
      source.problemAtKey(
          "dedupe",
          "without a key rows take turns over the partitions, and equal ones are not found; write"
              + " 'key: %s'".formatted(dedupe.by().get(0)));
      return false;
    }
    return true;
  }
}
