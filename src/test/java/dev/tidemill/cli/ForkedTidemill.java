package dev.tidemill.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A command in a process of its own, which can be killed. */
public final class ForkedTidemill implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Process process;
  private final Captured out;
  private final Captured err;

  private ForkedTidemill(Process process) {
    this.process = process;
    this.out = new Captured(process.getInputStream());
    this.err = new Captured(process.getErrorStream());
  }

  static ForkedTidemill start(Object... arguments) {
    return start(List.of(), arguments);
  }

  /**
   * @param javaOptions before the main class
   */
  public static ForkedTidemill start(List<String> javaOptions, Object... arguments) {
    return start(Main.class, javaOptions, arguments);
  }

  public static ForkedTidemill start(Class<?> main, List<String> javaOptions, Object... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1", // it lives for seconds
                "-cp",
                System.getProperty("java.class.path")));
    command.addAll(javaOptions);
    command.add(main.getName());
    Stream.of(arguments).map(String::valueOf).forEach(command::add);
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("TIDEMILL_LOG", "INFO"); // tells each step, to wait for
      return new ForkedTidemill(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until its standard error says so, and fails if it ends before. */
  public void awaitErr(String text) {
    await("it says '" + text + "'", () -> err.toString().contains(text));
  }

  /** Waits for something that it does, and fails if it ends before. */
  public void await(String what, BooleanSupplier condition) {
    Await.until(
        what,
        PATIENCE,
        () -> {
          if (condition.getAsBoolean()) {
            return true;
          }
          if (!process.isAlive()) {
            throw new AssertionError("ended before " + what + ":\n" + err);
          }
          return false;
        });
  }

  /** kill -9. */
  public void kill() {
    process.toHandle().destroyForcibly(); // Process.destroy would close its streams, too
    awaitEnd();
  }

  public long pid() {
    return process.pid();
  }

  /** By the name that the shell knows, such as {@code STOP}. */
  public void signal(String name) {
    String pid = String.valueOf(pid());
    try {
      int exit = new ProcessBuilder("kill", "-" + name, pid).inheritIO().start().waitFor();
      if (exit != 0) {
        throw new AssertionError("kill -" + name + " " + pid + " ended with " + exit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** What it has said on standard error so far. */
  public String err() {
    return err.toString();
  }

  /** SIGTERM, as Ctrl-C is SIGINT. */
  public void terminate() {
    process.toHandle().destroy();
  }

  public Tidemill.Outcome awaitEnd() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("still running; it said:\n" + err);
      }
      out.join();
      err.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    return new Tidemill.Outcome(process.exitValue(), out.toString(), err.toString());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** What a stream of the process has said so far. */
  private static final class Captured {
    private final StringBuffer text = new StringBuffer();
    private final Thread reader;

    Captured(InputStream stream) {
      reader = new Thread(() -> read(stream), "captured");
      reader.setDaemon(true);
      reader.start();
    }

    private void read(InputStream stream) {
      try (var characters = new java.io.InputStreamReader(stream, UTF_8)) {
        char[] some = new char[4096];
        for (int n = characters.read(some); n >= 0; n = characters.read(some)) {
          text.append(some, 0, n);
        }
      } catch (IOException e) {
        text.append("\n(").append(e).append(')'); // the process was killed
      }
    }

    void join() throws InterruptedException {
      reader.join(PATIENCE.toMillis());
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
