package dev.tidemill.definition;

import dev.tidemill.definition.Origin.Format;
import dev.tidemill.definition.Origin.OnIncompatible;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads where a source's records come from: {@code file:}, {@code jdbc:}, {@code http:} or {@code
 * topic:}.
 */
final class OriginReader {
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
  static final List<String> FORMATS =
      List.of("avro", "csv", "debezium", "json", "protobuf", "string");

  private OriginReader() {}

  /**
   * @param batchZone of schedules that have none of their own
   */
  static Optional<Origin> read(Document document, Section source, ZoneId batchZone) {
    List<String> written = source.written("file", "jdbc", "http", "topic");
    if (written.size() > 1) {
      source.problemAtKey(
          written.get(written.size() - 1),
          "a source has one of 'file:', 'jdbc:', 'http:' and 'topic:'; remove the others");
      return Optional.empty();
    }
    if (written.isEmpty()) {
      if (source.written("table", "database").isEmpty()) {
        source.problem(
            "'source' needs 'file', 'jdbc', 'http' or 'topic', where its records come from");
      }
      return Optional.empty();
    }
    return switch (written.get(0)) {
      case "file" ->
          source
              .section("file", Vocabulary.FILE)
              .flatMap(file -> FilesReader.read(document, source, file, batchZone));
      case "jdbc" ->
          source
              .section("jdbc", Vocabulary.JDBC)
              .flatMap(jdbc -> JdbcReader.read(document, source, jdbc, batchZone));
      case "http" ->
          source
              .section("http", Vocabulary.API)
              .flatMap(http -> ApiReader.read(document, source, http, batchZone));
      default ->
          source
              .section("topic", Vocabulary.TOPIC)
              .filter(topic -> PublishingReader.refuseOfTopic(source))
              .flatMap(OriginReader::topic);
    };
  }

  private static Optional<Origin> topic(Section topic) {
    Optional<String> name = topic.text("name", OriginReader::topicName);
    Optional<Format> format = topic.text("format", OriginReader::format);
    Optional<Optional<Duration>> maxJump =
        topic.text(
            "max-jump", text -> Optional.of(DurationText.parsePositive(text)), Optional.empty());
    Optional<Boolean> trust = topic.bool("trust-timestamps", false);
    Optional<OnIncompatible> onIncompatible =
        topic.text("on-incompatible", OriginReader::onIncompatible, OnIncompatible.REJECT);
    if (name.isEmpty()
        || format.isEmpty()
        || maxJump.isEmpty()
        || trust.isEmpty()
        || onIncompatible.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Origin.Topic(
            name.get(), format.get(), maxJump.get(), trust.get(), onIncompatible.get()));
  }

  private static OnIncompatible onIncompatible(String text) {
    List<String> known = List.of("reject", "stop");
    if (!known.contains(text)) {
      throw new IllegalArgumentException(
          "'%s' can not be used here%s".formatted(text, Nearest.hint(text, known, "write one of")));
    }
    return OnIncompatible.valueOf(text.toUpperCase(Locale.ROOT));
  }

  private static String topicName(String name) {
    if (!TOPIC.matcher(name).matches() || name.equals(".") || name.equals("..")) {
      throw new IllegalArgumentException(
          "'%s' can not be a topic's name; it has at most 249 letters, digits, '.', '_' and '-'"
              .formatted(name));
    }
    return name;
  }

  private static Format format(String text) {
    if (text.equals("parquet")) {
      throw new IllegalArgumentException(
          "format 'parquet' is for files only; a topic is one of " + String.join(", ", FORMATS));
    }
    if (!FORMATS.contains(text)) {
      throw new IllegalArgumentException(
          "unknown format '%s'%s".formatted(text, Nearest.hint(text, FORMATS, "write one of")));
    }
    return Format.valueOf(text.toUpperCase(Locale.ROOT));
  }
}
