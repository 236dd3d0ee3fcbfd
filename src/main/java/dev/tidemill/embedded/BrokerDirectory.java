package dev.tidemill.embedded;

import dev.tidemill.definition.Unavailable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * The folder of an {@link EmbeddedBroker}: held by one process at a time, formatted once.
 *
 * <p>The lock is the operating system's and goes with the process, so a {@code kill -9} leaves
 * nothing behind that a person would have to delete.
 */
final class BrokerDirectory implements AutoCloseable {
  private final Path directory;
  private final boolean temporary;
  private final FileChannel lock;

  private BrokerDirectory(Path directory, boolean temporary, FileChannel lock) {
    this.directory = directory;
    this.temporary = temporary;
    this.lock = lock;
  }

  /** A new folder that {@link #close()} deletes. */
  static BrokerDirectory temporary() {
    try {
      return open(Files.createTempDirectory("tidemill-broker-"), true);
    } catch (IOException e) {
      throw new Unavailable(
          "No temporary folder can be made for the embedded broker ("
              + e
              + "); set java.io.tmpdir to a writable one, or give a --data-dir",
          e);
    }
  }

  /**
   * @throws Unavailable if the folder can not be written, or another process has it
   */
  static BrokerDirectory lasting(Path directory) {
    return open(directory.toAbsolutePath().normalize(), false);
  }

  private static BrokerDirectory open(Path directory, boolean temporary) {
    try {
      Files.createDirectories(directory);
      FileChannel channel =
          FileChannel.open(
              directory.resolve("broker.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (!acquire(channel)) {
        channel.close();
        throw new Unavailable(
            "Another Tidemill is using the data folder "
                + directory
                + "; stop that process, or give another --data-dir");
      }
      return new BrokerDirectory(directory, temporary, channel);
    } catch (IOException e) {
      throw new Unavailable(
          "The data folder "
              + directory
              + " can not be used ("
              + e
              + "); give a writable folder as --data-dir",
          e);
    }
  }

  private static boolean acquire(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // a broker of this very process
    }
  }

  /** Where Kafka keeps its logs: data and metadata. */
  Path logs() {
    return directory.resolve("kafka");
  }

  /** For the state stores of the pipelines: they belong to this broker's offsets. */
  Path state() {
    return directory.resolve("state");
  }

  /** The port at which clients reached the last broker of this folder, if it is known. */
  OptionalInt lastPort() {
    try {
      return OptionalInt.of(Integer.parseInt(Files.readString(port()).strip()));
    } catch (IOException | NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  /** For the next start: what the killed broker had begun asks for it at its old port. */
  void rememberPort(int clients) {
    try {
      Files.writeString(port(), String.valueOf(clients));
    } catch (IOException e) {
      throw new Unavailable("The data folder " + directory + " can not be written: " + e, e);
    }
  }

  private Path port() {
    return directory.resolve("broker.port");
  }

  /**
   * Gives the cluster its id and features, unless that was done before.
   *
   * <p>{@code meta.properties} is what the formatter writes last, so a folder without it was left
   * by a process that died while formatting, and holds nothing yet.
   */
  void format(int nodeId, String controllerListener) {
    if (Files.exists(logs().resolve("meta.properties"))) {
      return;
    }
    try {
      delete(logs());
      new Formatter()
          .setNodeId(nodeId)
          .setClusterId(Uuid.randomUuid().toString())
          .setDirectories(List.of(logs().toString()))
          .setMetadataLogDirectory(logs().toString())
          .setControllerListenerName(controllerListener)
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
          .run();
    } catch (Exception e) {
      throw new Unavailable(
          "The data folder " + logs() + " can not be formatted for the embedded broker: " + e, e);
    }
  }

  /** Lets the next process in; a temporary folder is deleted. */
  @Override
  public void close() {
    try {
      lock.close();
      if (temporary) {
        delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    List<Path> all;
    try (var paths = Files.walk(directory)) {
      all = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }
}
