package dev.tidemill.definition;

import dev.tidemill.definition.FilePolicies.OnMismatch;
import dev.tidemill.definition.FilePolicies.OnReplace;
import dev.tidemill.definition.Origin.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** Reads {@code file:} of a source. */
final class FilesReader {
  private static final List<String> FORMATS = List.of("avro", "csv", "json", "parquet");

  /** In a manifest's path: the path of the file that it is about. */
  private static final String FILE = "{file}";

  private FilesReader() {}

  static Optional<Origin> read(Document document, Section source, Section file, ZoneId batchZone) {
    boolean later = file.has("watch") || source.has("schedule");
    Optional<Format> format = file.text("format", FilesReader::format);
    boolean packable = format.filter(Format::isText).isPresent();
    Optional<Path> path =
        file.text("path", text -> existing(document.resolve(text), text, later, packable));
    Optional<FileLayout> layout = FileLayoutReader.read(file, format);
    Optional<Optional<Duration>> watch =
        file.text("watch", text -> Optional.of(DurationText.parsePositive(text)), Optional.empty());
    Optional<FilePolicies> policies = policies(file);
    Optional<Optional<ManifestFiles>> manifests =
        file.text(
            "manifest",
            text -> Optional.of(manifests(text, path, document, later)),
            Optional.empty());
    Optional<Publishing> publishing = PublishingReader.read(source, file, "watch", batchZone);
    if (path.isEmpty()
        || format.isEmpty()
        || layout.isEmpty()
        || publishing.isEmpty()
        || watch.isEmpty()
        || policies.isEmpty()
        || manifests.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Origin.Files(
            path.get(),
            format.get(),
            layout.get(),
            publishing.get(),
            watch.get(),
            policies.get(),
            manifests.get()));
  }

  /**
   * @param path of the files; empty if that is wrong
   */
  private static ManifestFiles manifests(
      String written, Optional<Path> path, Document document, boolean later) {
    if (!written.contains(FILE)) {
      return new ManifestFiles(
          existing(document.resolve(written), written, later, false), Optional.empty());
    }
    String suffix = written.substring(FILE.length());
    if (!written.startsWith(FILE) || !suffix.matches("[A-Za-z0-9._-]+")) {
      throw new IllegalArgumentException(
          "'%s' can not be used here; write {file} and an ending, as in '{file}.manifest.json', or a path without it"
              .formatted(written));
    }
    Path files =
        path.filter(Files::isDirectory)
            .map(folder -> folder.resolve("*"))
            .or(() -> path)
            .orElse(Path.of("/"));
    Path beside = Path.of(files + suffix);
    return new ManifestFiles(
        path.isEmpty() ? beside : existing(beside, written, later, false), Optional.of(suffix));
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

  private static Optional<FilePolicies> policies(Section file) {
    Optional<OnReplace> onReplace =
        file.text("on-replace", text -> one(text, OnReplace.values()), OnReplace.STOP);
    Optional<OnMismatch> onMismatch =
        file.text("on-mismatch", text -> one(text, OnMismatch.values()), OnMismatch.STOP);
    return onReplace.flatMap(
        replace -> onMismatch.map(mismatch -> new FilePolicies(replace, mismatch)));
  }

  private static <T extends Enum<T>> T one(String text, T[] values) {
    List<String> known = Stream.of(values).map(FilesReader::written).toList();
    if (!known.contains(text)) {
      throw new IllegalArgumentException(
          "'%s' can not be used here%s".formatted(text, Nearest.hint(text, known, "write one of")));
    }
    return values[known.indexOf(text)];
  }

  private static String written(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * What is not there can not be read at three in the morning either.
   *
   * @param later whether files may come later
   * @param packable whether such files may be packed
   */
  private static Path existing(Path path, String written, boolean later, boolean packable) {
    try {
      FilePattern pattern = FilePattern.of(path);
      if (!Files.isDirectory(pattern.folder())) {
        throw new IllegalArgumentException(
            "the folder of '%s' does not exist; the path is relative to this file"
                .formatted(written));
      }
      if (later) {
        return path;
      }
      FilePattern.Found found = pattern.look();
      if (found.files().isEmpty()) {
        throw new IllegalArgumentException(
            "no file matches '%s'; %s"
                .formatted(
                    written,
                    packable && !found.packed().isEmpty()
                        ? found.packed().words()
                        : "the path is relative to this file"));
      }
      return path;
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'%s' is not a file pattern: %s".formatted(written, e.getDescription()), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the folder of '%s' can not be read: %s".formatted(written, e.getMessage()), e);
    }
  }
}
