package dev.tidemill.definition;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code extract} of the server file; {@code TIDEMILL_EXTRACT_BASE_DIRECTORIES} and {@code
 * TIDEMILL_EXTRACT_RATE} come before it.
 */
final class ExtractSettingsReader {
  private final Problems problems;
  private final Environment environment;

  ExtractSettingsReader(Problems problems, Environment environment) {
    this.problems = problems;
    this.environment = environment;
  }

  /**
   * @param folder of the server file
   */
  ExtractSettings settings(Optional<Section> extract, Path folder) {
    String variable = ServerSettingsReader.variable("extract-base-directories");
    List<Path> directories = new ArrayList<>();
    Optional<String> set = environment.get(variable).filter(text -> !text.isBlank());
    if (set.isPresent()) {
      for (String written : set.get().split(File.pathSeparator)) {
        try {
          directories.add(directory(Path.of(written).toAbsolutePath(), written));
        } catch (IllegalArgumentException e) {
          problems.add(Position.START, variable + ": " + e.getMessage());
        }
      }
    } else {
      extract
          .flatMap(section -> section.texts("base-directories"))
          .orElse(List.of())
          .forEach(
              text ->
                  text.as(written -> directory(folder.resolve(written), written))
                      .ifPresent(directories::add));
      extract
          .filter(section -> section.has("base-directories") && directories.isEmpty())
          .ifPresent(
              section ->
                  section.problemAt(
                      "base-directories", "allows no folder; name one, or remove the key"));
    }
    return new ExtractSettings(directories, rate(extract));
  }

  private Optional<Rate> rate(Optional<Section> extract) {
    String variable = ServerSettingsReader.variable("extract-rate");
    Optional<String> set = environment.get(variable).filter(text -> !text.isBlank());
    if (set.isEmpty()) {
      return extract
          .filter(section -> section.has("rate"))
          .flatMap(section -> section.text("rate", Rate::parse));
    }
    try {
      return set.map(Rate::parse);
    } catch (IllegalArgumentException e) {
      problems.add(Position.START, variable + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  private static Path directory(Path path, String written) {
    if (!Files.isDirectory(path)) {
      throw new IllegalArgumentException(
          "'%s' is no folder; name one that is there".formatted(written));
    }
    return path.normalize();
  }
}
