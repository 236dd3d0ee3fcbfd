package dev.tidemill.topology;

import dev.tidemill.definition.Unavailable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stores on this machine's disk: a copy of what is in the changelogs, and no more.
 *
 * <p>After a kill Streams deletes them and restores them. Killed again while it deletes, it leaves
 * a half of a store, which RocksDB refuses to open; and Streams refuses to start then.
 */
final class LocalState {
  private static final Logger log = LoggerFactory.getLogger(LocalState.class);
  private static final String TASKS = "[0-9]*_[0-9]*";

  private final Path directory;

  /**
   * @param directory where Streams keeps the stores of an application
   */
  LocalState(Path directory) {
    this.directory = directory;
  }

  /** Whether files of a store are wrong or missing; other trouble with them may pass. */
  static boolean isDamage(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RocksDBException trouble) {
        boolean corrupt =
            trouble.getStatus() != null && trouble.getStatus().getCode() == Status.Code.Corruption;
        return corrupt || String.valueOf(trouble.getMessage()).contains("No such file");
      }
    }
    return false;
  }

  /**
   * Deletes the stores of all tasks; what else is there stays, the identity of the process too, by
   * which its open transactions are ended.
   *
   * @param why for the log
   */
  void delete(Exception why) {
    log.warn(
        "The stores under {} are damaged, as after a kill while they were being deleted. They are"
            + " deleted and restored from Kafka; nothing is lost.",
        directory,
        why);
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(directory, TASKS)) {
      for (Path task : tasks) {
        deleteAll(task);
      }
    } catch (IOException e) {
      throw new Unavailable(
          "the damaged stores under " + directory + " can not be deleted (" + e + "). Delete them.",
          e);
    }
  }

  private static void deleteAll(Path task) throws IOException {
    try (Stream<Path> files = Files.walk(task)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
