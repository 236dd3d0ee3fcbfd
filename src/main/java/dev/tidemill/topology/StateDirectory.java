package dev.tidemill.topology;

import dev.tidemill.definition.Unavailable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;
import org.apache.kafka.streams.errors.StreamsException;

/** Marks a state directory as one pipeline's on one cluster, and refuses a stranger's. */
final class StateDirectory {
  private static final String MARKER = "tidemill.properties";

  private StateDirectory() {}

  /**
   * @return where the pipeline's stores are: a folder of {@code stateDir} with its name
   * @throws Unavailable if the folder is another pipeline's, or can not be written
   */
  static Path claim(Path stateDir, String pipeline, String clusterId) {
    Path directory = stateDir.resolve(pipeline);
    Path marker = directory.resolve(MARKER);
    Properties wanted = new Properties();
    wanted.setProperty("pipeline", pipeline);
    wanted.setProperty("cluster", clusterId);
    try {
      if (Files.exists(marker)) {
        Properties found = new Properties();
        try (InputStream in = Files.newInputStream(marker)) {
          found.load(in);
        }
        if (!found.isEmpty() && !found.equals(wanted)) {
          throw new Unavailable(
              "the state directory "
                  + directory
                  + " belongs to pipeline '"
                  + found.getProperty("pipeline")
                  + "' on cluster "
                  + found.getProperty("cluster")
                  + ", not to '"
                  + pipeline
                  + "' on "
                  + clusterId
                  + ". Set another 'state-dir', or delete the directory if it is not needed: state is"
                  + " restored from Kafka.");
        }
        if (!found.isEmpty()) {
          return directory;
        }
      }
      Files.createDirectories(directory);
      // Whole or not at all: half a marker, of a full disk, would be a stranger's.
      Path whole = directory.resolve(MARKER + ".new");
      try (OutputStream out = Files.newOutputStream(whole)) {
        wanted.store(out, "Tidemill: whose state stores these are");
      }
      Files.move(whole, marker, StandardCopyOption.ATOMIC_MOVE);
      return directory;
    } catch (IOException e) {
      throw new Unavailable(
          "the state directory " + directory + " can not be written (" + e + "). See 'state-dir'.",
          e);
    }
  }

  /** Whether Kafka Streams has refused the folder, since another process is using it. */
  static boolean isInUse(StreamsException e) {
    return String.valueOf(e.getMessage())
        .contains("multiple instances of Kafka Streams are running in the same state directory");
  }

  static Unavailable inUse(Path directory, String pipeline, StreamsException cause) {
    return new Unavailable(
        "another process runs pipeline '"
            + pipeline
            + "' with the state directory "
            + directory
            + ". If that is the run before this one, wait for its end. If both are wanted, give each a"
            + " 'state-dir' (TIDEMILL_STATE_DIR) of its own.",
        cause);
  }
}
