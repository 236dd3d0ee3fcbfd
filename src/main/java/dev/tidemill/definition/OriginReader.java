package dev.tidemill.definition;

import dev.tidemill.definition.Origin.Format;
import dev.tidemill.definition.Origin.OnIncompatible;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads where a source's records come from: {@code file:} or {@code topic:}. */
final class OriginReader {
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
  private static final List<String> TOPIC_FORMATS =
      List.of("avro", "csv", "debezium", "json", "protobuf", "string");
  private static final int DEFAULT_PARTITIONS = 4;
  private static final int MAX_PARTITIONS = 1000;

  private OriginReader() {}

  static Optional<Origin> read(Document document, Section source) {
    List<String> written = source.written("file", "topic");
    if (written.size() == 2) {
      source.problemAtKey("topic", "a source has either 'file:' or 'topic:'; remove one");
      return Optional.empty();
    }
    if (written.isEmpty()) {
      if (source.written("table", "http", "jdbc", "database").isEmpty()) {
        source.problem("'source' needs 'file' or 'topic', where its records come from");
      }
      return Optional.empty();
    }
    return written.get(0).equals("file")
        ? source.section("file", Vocabulary.FILE).flatMap(file -> files(document, source, file))
        : DemandReader.read(source)
            .flatMap(none -> source.section("topic", Vocabulary.TOPIC))
            .flatMap(OriginReader::topic);
  }

  private static Optional<Origin> files(Document document, Section source, Section file) {
    Optional<Path> path = file.text("path", text -> existing(text, document, file.has("watch")));
    Optional<Format> format =
        file.text("format", text -> format(text, List.of("csv", "json"), TOPIC_FORMATS));
    Optional<Integer> partitions =
        file.has("partitions") ? partitions(file) : Optional.of(DEFAULT_PARTITIONS);
    Optional<FileLayout> layout = FileLayoutReader.read(file, format);
    Optional<Optional<Duration>> watch =
        file.text("watch", text -> Optional.of(DurationText.parsePositive(text)), Optional.empty());
    if (file.has("watch") && source.has("table")) {
      file.problemAtKey(
          "watch",
          "streams wait until a table is read to its end, so it has to have one; remove it");
    }
    Optional<Optional<Demand>> demand = DemandReader.read(source);
    if (path.isEmpty()
        || format.isEmpty()
        || layout.isEmpty()
        || partitions.isEmpty()
        || demand.isEmpty()
        || watch.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Origin.Files(
            path.get(),
            format.get(),
            layout.get(),
            new Publishing(partitions.get(), demand.get()),
            watch.get()));
  }

  private static Optional<Origin> topic(Section topic) {
    Optional<String> name = topic.text("name", OriginReader::topicName);
    Optional<Format> format = topic.text("format", text -> format(text, TOPIC_FORMATS, List.of()));
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

  private static Format format(String text, List<String> supported, List<String> topicsOnly) {
    if (supported.contains(text)) {
      return Format.valueOf(text.toUpperCase(Locale.ROOT));
    }
    if (topicsOnly.contains(text)) {
      throw new IllegalArgumentException(
          "format '%s' is for topics only; a file is csv or json".formatted(text));
    }
    if (text.equals("parquet")) {
      throw new IllegalArgumentException(
          "format 'parquet' is not supported yet; write one of " + String.join(", ", supported));
    }
    throw new IllegalArgumentException(
        "unknown format '%s'%s".formatted(text, Nearest.hint(text, supported, "write one of")));
  }

  private static Optional<Integer> partitions(Section file) {
    return file.scalar("partitions")
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

  /**
   * What is not there can not be read at three in the morning either.
   *
   * @param later whether files may come later
   */
  private static Path existing(String written, Document document, boolean later) {
    Path path = document.resolve(written);
    Path folder = path.getParent();
    if (folder != null && folder.toString().matches(".*[*?\\[{].*")) {
      throw new IllegalArgumentException(
          "'%s' has a wildcard in a folder; only the file's name may have one".formatted(written));
    }
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          "the folder of '%s' does not exist; the path is relative to this file"
              .formatted(written));
    }
    if (!matches(folder, path.getFileName().toString(), written) && !later) {
      throw new IllegalArgumentException(
          "no file matches '%s'; the path is relative to this file".formatted(written));
    }
    return path;
  }

  private static boolean matches(Path folder, String glob, String written) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
      for (Path file : files) {
        if (Files.isRegularFile(file)) {
          return true;
        }
      }
      return false;
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'%s' is not a file pattern: %s".formatted(written, e.getDescription()), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the folder of '%s' can not be read: %s".formatted(written, e.getMessage()), e);
    }
  }
}
