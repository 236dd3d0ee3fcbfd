package dev.tidemill.extract;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

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

  /** How many rows there were when the end of the input was announced last. */
  void endedAt(long rows) {
    endedAt = OptionalLong.of(rows);
  }

  /** Whether the end of the input is announced, and nothing came after it. */
  boolean ended() {
    return endedAt.isPresent() && endedAt.getAsLong() == rows();
  }
}
