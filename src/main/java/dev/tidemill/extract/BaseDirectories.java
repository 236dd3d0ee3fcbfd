package dev.tidemill.extract;

import dev.tidemill.definition.ExtractSettings;
import dev.tidemill.definition.FilePattern;
import dev.tidemill.definition.Unavailable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where the files of a source may lie, wherever links lead: who can write into a folder that is
 * read must not be able to have any other file read. Immutable.
 */
final class BaseDirectories {
  private final List<Path> directories;
  private final boolean isConfigured;

  private BaseDirectories(List<Path> directories, boolean isConfigured) {
    this.directories = directories;
    this.isConfigured = isConfigured;
  }

  /**
   * @param path of the source
   */
  static BaseDirectories of(ExtractSettings settings, Path path) {
    List<Path> configured = settings.baseDirectories();
    return configured.isEmpty()
        ? new BaseDirectories(List.of(FilePattern.of(path).folder()), false)
        : new BaseDirectories(configured, true);
  }

  /**
   * @throws Unavailable if a file lies elsewhere; names it, and the folder where it is in fact
   * @throws IOException if that can not be found out
   */
  void require(List<InputFile> files) throws IOException {
    List<Path> real = new ArrayList<>();
    for (Path directory : directories) {
      real.add(directory.toRealPath());
    }
    for (InputFile file : files) {
      Path lies = file.path().toRealPath();
      if (real.stream().noneMatch(lies::startsWith)) {
        throw refused(file, lies);
      }
    }
  }

  private Unavailable refused(InputFile file, Path lies) {
    String allowed = directories.stream().map(Path::toString).collect(Collectors.joining(", "));
    return new Unavailable(
        "%s is in fact %s, which is not in %s. Files may be read in these folders only: %s. Remove the file, or name its folder in 'extract: {base-directories: [...]}' of the server file or in TIDEMILL_EXTRACT_BASE_DIRECTORIES."
            .formatted(
                file.path(),
                lies,
                isConfigured ? "the base directories" : "the source's own folder",
                allowed));
  }
}
