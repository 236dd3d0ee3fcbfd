package dev.tidemill.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The last file gets longer, or there is one more. */
final class GrowingFiles implements GrowingInput {
  private static final int ROWS_IN_A_FILE = 2_000;

  private Processes processes;

  @Override
  public String origin(Processes those, String database) {
    processes = those;
    return "file: {path: data/*.csv, format: csv, partitions: 2}";
  }

  @Override
  public void grow(int from, int to) {
    Path file = processes.folder().resolve("data/%04d.csv".formatted(from / ROWS_IN_A_FILE));
    String rows =
        IntStream.range(from, to)
            .mapToObj(i -> i + "," + Instant.EPOCH.plusSeconds(i * 2L) + "\n")
            .collect(Collectors.joining());
    try {
      if (from % ROWS_IN_A_FILE == 0) {
        Path complete = processes.write("next.csv", "id,at\n" + rows);
        Files.createDirectories(file.getParent());
        Files.move(complete, file);
      } else {
        Files.writeString(file, rows, StandardOpenOption.APPEND);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** File and line, of which the first one is the header: {@code 0001.csv:2}. */
  @Override
  public long id(String identity) {
    return Long.parseLong(identity.substring(0, identity.indexOf('.'))) * ROWS_IN_A_FILE
        + Long.parseLong(identity.substring(identity.indexOf(':') + 1))
        - 2;
  }
}
