package dev.tidemill.definition;

import dev.tidemill.definition.Origin.Format;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/** Reads {@code file:} of a source. */
final class FilesReader {
  private static final List<String> FORMATS = List.of("avro", "csv", "json", "parquet");

  private FilesReader() {}

  static Optional<Origin> read(Document document, Section source, Section file) {
    Optional<Path> path = file.text("path", text -> existing(text, document, file.has("watch")));
    Optional<Format> format = file.text("format", FilesReader::format);
    Optional<FileLayout> layout = FileLayoutReader.read(file, format);
    Optional<Optional<Duration>> watch =
        file.text("watch", text -> Optional.of(DurationText.parsePositive(text)), Optional.empty());
    if (file.has("watch") && source.has("table")) {
      file.problemAtKey(
          "watch",
          "streams wait until a table is read to its end, so it has to have one; remove it");
    }
    Optional<Publishing> publishing = PublishingReader.read(source, file, file.has("watch"));
    if (path.isEmpty()
        || format.isEmpty()
        || layout.isEmpty()
        || publishing.isEmpty()
        || watch.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Origin.Files(path.get(), format.get(), layout.get(), publishing.get(), watch.get()));
  }

  private static Format format(String text) {
    if (FORMATS.contains(text)) {
      return Format.valueOf(text.toUpperCase(Locale.ROOT));
    }
    if (OriginReader.FORMATS.contains(text)) {
      throw new IllegalArgumentException(
          "format '%s' is for topics only; a file is one of %s"
              .formatted(text, String.join(", ", FORMATS)));
    }
    throw new IllegalArgumentException(
        "unknown format '%s'%s".formatted(text, Nearest.hint(text, FORMATS, "write one of")));
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
