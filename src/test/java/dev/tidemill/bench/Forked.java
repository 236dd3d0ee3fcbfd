package dev.tidemill.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A Java process of the benchmark, on the class path of this one. It ends when this one does. */
final class Forked implements AutoCloseable {
  private static final Duration GOODBYE = Duration.ofSeconds(30);
  private static final int LAST_LINES = 60;

  private final Process process;
  private final Path log;

  /**
   * @param log gets what it says
   */
  Forked(
      Class<?> main,
      List<String> javaOptions,
      List<String> arguments,
      Map<String, String> environment,
      Path log) {
    this.log = log;
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(javaOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    try {
      this.process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** To be called in the new process: ends it when its parent is gone, or closes it. */
  static void endWithParent(Runnable end) {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {}
              } catch (IOException e) {
                // as good as the end
              }
              end.run();
            },
            "parent");
    watch.setDaemon(true);
    watch.start();
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Waits until it has written a file, which has to appear as a whole.
   *
   * @throws IllegalStateException with what it said last, if it ends before or that takes too long
   */
  List<String> awaitLines(Path file, Duration bound) throws IOException {
    long deadline = System.nanoTime() + bound.toNanos();
    while (!Files.exists(file)) {
      if (!isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException("it does not start:\n" + said());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return Files.readAllLines(file);
  }

  /** To be called in the new process: what {@link #awaitLines} waits for. */
  static void tell(Path file, List<String> lines) throws IOException {
    Path unfinished = Path.of(file + ".new");
    Files.write(unfinished, lines);
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * @throws IllegalStateException with what it said last, if it fails or is not done by then
   */
  void awaitSuccess(Duration bound) {
    try {
      if (!process.waitFor(bound.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("not done within " + bound + "; it said:\n" + said());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    if (process.exitValue() != 0) {
      throw new IllegalStateException("failed (" + process.exitValue() + "):\n" + said());
    }
  }

  /** The end of its log. */
  String said() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tells it that its parent is gone. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(GOODBYE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
