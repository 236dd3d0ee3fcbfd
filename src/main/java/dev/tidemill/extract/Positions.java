package dev.tidemill.extract;

import dev.tidemill.definition.Unavailable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is published of one source: the state that {@link PositionTopic} keeps. */
final class Positions {
  private final Map<String, FilePosition> files = new TreeMap<>();
  private OptionalLong endedAt = OptionalLong.empty();

  FilePosition of(InputFile file) {
    return files.getOrDefault(file.name(), FilePosition.START);
  }

  void put(String file, FilePosition position) {
    files.put(file, position);
  }

  /** Rows of all files that were ever read. */
  long rows() {
    return files.values().stream().mapToLong(FilePosition::rows).sum();
  }

  /**
   * A file that is published to its end may go; one that is published in part may not.
   *
   * @param found the files that are there now
   * @param pattern the source's path, for the message
   * @throws Unavailable if rows that were not read yet are gone
   */
  void requireAll(List<InputFile> found, Path pattern) {
    Set<String> names = found.stream().map(InputFile::name).collect(Collectors.toSet());
    List<String> gone =
        files.entrySet().stream()
            .filter(file -> !file.getValue().done() && !names.contains(file.getKey()))
            .map(file -> file.getKey() + " (" + file.getValue().rows() + " rows)")
            .toList();
    if (!gone.isEmpty()) {
      throw new Unavailable(
          "Of "
              + pattern
              + ", only a part is published of these files, and they are gone: "
              + String.join(", ", gone)
              + ". Put them back and start again: nothing is lost.");
    }
  }

  /** How many rows there were when the end of the input was announced last. */
  void endedAt(long rows) {
    endedAt = OptionalLong.of(rows);
  }

  /** Whether the end of the input is announced, and nothing came after it. */
  boolean ended() {
    return endedAt.isPresent() && endedAt.getAsLong() == rows();
  }
}
