package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemill.definition.FilePattern;
import dev.tidemill.definition.ManifestFiles;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the manifests of a source say, as they were at the last look. Not thread-safe. */
final class Manifests {
  /** One that is larger lists no files. */
  private static final long MOST_BYTES = 64L << 20;

  /**
   * Something that is not there yet.
   *
   * @param what it is: the manifest of a file, or the file of a manifest
   * @param file its name
   * @param words for people
   */
  record Missing(String what, String file, String words) {
    @Override
    public String toString() {
      return words;
    }
  }

  private final Origin.Files origin;
  private final ManifestFiles where;
  private final BaseDirectories allowed;

  /** Each is read once. */
  private Map<InputFile, Map<Path, ManifestEntry>> read = new HashMap<>();

  private final Map<Path, ManifestEntry> entries = new TreeMap<>();

  /** What was said of files that are other. */
  private final Map<InputFile, ManifestEntry> refuted = new HashMap<>();

  Manifests(Origin.Files origin, ManifestFiles where, BaseDirectories allowed) {
    this.origin = origin;
    this.where = where;
    this.allowed = allowed;
  }

  /**
   * @throws Unavailable if one can not be understood and nobody writes it any more, or two say
   *     different things of a file
   */
  void look() throws IOException {
    List<InputFile> found = InputFile.those(where.path(), origin.watch());
    allowed.require(found);
    Map<InputFile, Map<Path, ManifestEntry>> known = read;
    read = new HashMap<>();
    entries.clear();
    for (InputFile manifest : found) {
      Map<Path, ManifestEntry> said = known.get(manifest);
      if (said == null) {
        said = read(manifest);
      }
      read.put(manifest, said);
      said.forEach(this::add);
    }
  }

  private Map<Path, ManifestEntry> read(InputFile manifest) throws IOException {
    if (manifest.bytes() > MOST_BYTES) {
      throw wrong(manifest, "it has more than " + MOST_BYTES + " bytes");
    }
    try {
      String text = new String(Files.readAllBytes(manifest.path()), UTF_8);
      return ManifestText.read(manifest.path(), about(manifest.path()), text);
    } catch (IllegalArgumentException e) {
      if (!manifest.whole()) {
        return Map.of(); // it is being written
      }
      throw wrong(manifest, e.getMessage());
    }
  }

  private Optional<Path> about(Path manifest) {
    String path = manifest.toString();
    return where.suffix().map(end -> Path.of(path.substring(0, path.length() - end.length())));
  }

  private static Unavailable wrong(InputFile manifest, String what) {
    return new Unavailable(
        "The manifest %s can not be read: %s. Correct it and start again: nothing is lost."
            .formatted(manifest.path(), what));
  }

  private void add(Path file, ManifestEntry entry) {
    ManifestEntry other = entries.put(file, entry);
    if (other != null
        && !(other.rows().equals(entry.rows())
            && other.bytes().equals(entry.bytes())
            && other.checksum().equals(entry.checksum()))) {
      throw new Unavailable(
          "The manifests %s and %s say different things of %s; remove the wrong one and start again: nothing is lost."
              .formatted(other.manifest(), entry.manifest(), file));
    }
  }

  /** Those of the files that are no manifests themselves. */
  List<InputFile> without(List<InputFile> files) {
    Set<Path> manifests = new TreeSet<>();
    read.keySet().forEach(manifest -> manifests.add(manifest.path()));
    return files.stream()
        .filter(file -> !manifests.contains(file.path()))
        .filter(file -> where.suffix().filter(file.name()::endsWith).isEmpty())
        .toList();
  }

  /** Empty if no manifest has the file. */
  private Optional<ManifestEntry> of(InputFile file) {
    return Optional.ofNullable(entries.get(file.path()));
  }

  /**
   * The file to its end, which is as its manifest says but for its rows; empty if the manifest or a
   * part of the file may still come.
   *
   * @throws DamagedFileException if it is not as the manifest says, and nobody writes it any more
   */
  Optional<InputFile> delivered(InputFile file) throws IOException {
    Optional<ManifestEntry> entry = of(file);
    if (entry.isEmpty() || !file.whole() && !entry.get().tellsTheEnd()) {
      return Optional.empty();
    }
    Optional<String> difference = entry.get().difference(file);
    if (difference.isPresent() && file.whole()) {
      throw new DamagedFileException(file, difference.get());
    }
    return difference.isPresent() ? Optional.empty() : Optional.of(file.asWhole());
  }

  /**
   * Whether it is what its manifest says, rows aside. If there is a checksum, all of it is read,
   * but only when it or the manifest is another one than when it was asked last.
   */
  boolean agrees(InputFile file) throws IOException {
    Optional<ManifestEntry> entry = of(file);
    if (entry.isEmpty() || entry.get().equals(refuted.get(file))) {
      return false;
    }
    boolean agrees = entry.get().difference(file).isEmpty();
    if (!agrees) {
      refuted.put(file, entry.get());
    }
    return agrees;
  }

  /** How many the file should have; empty if nobody says. */
  OptionalLong rows(InputFile file) {
    return of(file).map(ManifestEntry::rows).orElse(OptionalLong.empty());
  }

  /** For people; of a file that has a manifest with its rows. */
  String difference(InputFile file, long rows) {
    ManifestEntry entry = of(file).orElseThrow();
    return "has %d rows, and its manifest %s says %d"
        .formatted(rows, entry.manifest(), entry.rows().orElseThrow());
  }

  /**
   * What keeps the delivery from being whole.
   *
   * @param unread files of which something is not published yet
   * @param published names of files that may be gone, though a manifest still has them
   */
  List<Missing> missing(List<InputFile> unread, Set<String> published) {
    List<Missing> missing = new ArrayList<>();
    for (InputFile file : unread) {
      if (of(file).isEmpty()) {
        String words = file.path() + " has no manifest in " + where.path();
        missing.add(new Missing("manifest", file.name(), words));
      }
    }
    FilePattern pattern = FilePattern.of(origin.path());
    entries.forEach(
        (file, entry) -> {
          String name = pattern.folder().relativize(file).toString();
          if (pattern.isMeant(file) && !Files.exists(file) && !published.contains(name)) {
            String words =
                file + " is not there, and the manifest " + entry.manifest() + " names it";
            missing.add(new Missing("file", name, words));
          }
        });
    return missing;
  }
}
