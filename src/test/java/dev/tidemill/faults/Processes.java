package dev.tidemill.faults;

import dev.tidemill.cli.Await;
import dev.tidemill.cli.ForkedTidemill;
import dev.tidemill.cli.SharedCluster;
import dev.tidemill.cli.Tidemill;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The processes of one pipeline, which extract its sources themselves. They find each other on the
 * broker of this JVM, and have one folder: definition, data, and a state directory for each.
 */
final class Processes implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(150);

  private final Path folder;
  private final Map<String, ForkedTidemill> running = new LinkedHashMap<>();
  private int ended;

  /**
   * @param experiment names a new folder, where {@code pipeline.yaml} has to be before the first
   *     start
   */
  Processes(String experiment) {
    this.folder = Path.of("target", "faults", experiment).toAbsolutePath();
    try {
      deleteFolder();
      Files.createDirectories(folder.resolve("tmp"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void deleteFolder() throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  Path folder() {
    return folder;
  }

  Path write(String file, String content) {
    try {
      Path path = folder.resolve(file);
      Files.createDirectories(path.getParent());
      return Files.writeString(path, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts {@code run}, with the shortest session timeout that brokers accept. */
  ForkedTidemill start(String instance, String... more) {
    Path server =
        write(
            "server-" + instance + ".yaml",
            "brokers: %s\nregistry: %s\nstate-dir: state-%s\nsession-timeout: 6s\n"
                .formatted(
                    SharedCluster.settings().brokers(),
                    SharedCluster.settings().registry(),
                    instance));
    List<Object> arguments =
        new ArrayList<>(List.of("run", folder.resolve("pipeline.yaml"), "--config", server));
    arguments.addAll(List.of(more));
    ForkedTidemill started =
        ForkedTidemill.start( // state in the temporary folder is refused
            List.of("-Djava.io.tmpdir=" + folder.resolve("tmp")), arguments.toArray());
    running.put(instance, started);
    return started;
  }

  Map<String, ForkedTidemill> running() {
    return running;
  }

  /** kill -9. */
  void kill(String instance) {
    running.get(instance).kill();
    end(instance);
  }

  /** SIGSTOP: it stands still, and its connections stay. */
  void freeze(String instance) {
    running.get(instance).signal("STOP");
  }

  /** SIGCONT. */
  void thaw(String instance) {
    running.get(instance).signal("CONT");
  }

  /** SIGTERM; they say goodbye. */
  void stopAll() {
    running.values().forEach(ForkedTidemill::terminate);
    for (String instance : List.copyOf(running.keySet())) {
      Tidemill.Outcome outcome = end(instance);
      if (outcome.exitCode() != 143) {
        throw new AssertionError(
            instance + " ended with " + outcome.exitCode() + ":\n" + outcome.err());
      }
    }
  }

  /** Waits for the end of an instance. */
  Tidemill.Outcome end(String instance) {
    Tidemill.Outcome outcome = running.remove(instance).awaitEnd();
    write("%02d-%s.err".formatted(++ended, instance), outcome.err());
    return outcome;
  }

  /** Waits, and fails if an instance ends before. */
  void await(String what, BooleanSupplier condition) {
    Await.until(
        what,
        PATIENCE,
        () -> {
          running.forEach(
              (instance, process) -> {
                if (!process.isAlive()) {
                  throw new AssertionError(
                      instance + " ended before " + what + ":\n" + process.err());
                }
              });
          return condition.getAsBoolean();
        });
  }

  @Override
  public void close() {
    for (String instance : List.copyOf(running.keySet())) {
      kill(instance);
    }
  }
}
