package dev.tidemill.faults;

import dev.tidemill.embedded.EmbeddedBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A broker in a process of its own, on the same folder and port each time. */
final class ForkedBroker implements AutoCloseable {
  private static final String STARTED = "broker at ";

  private final Path folder;
  private Process process;
  private String address = "127.0.0.1:" + EmbeddedBroker.FREE;

  ForkedBroker(Path folder) {
    this.folder = folder;
    start();
  }

  /** Returns when it takes requests. */
  void start() {
    try {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx512m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  ForkedBroker.class.getName(),
                  folder.toString(),
                  address.substring(address.indexOf(':') + 1))
              .redirectError(folder.resolveSibling("broker.err").toFile())
              .start();
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      String said = out.readLine();
      if (said == null || !said.startsWith(STARTED)) {
        throw new AssertionError("the broker does not start; it said: " + said);
      }
      address = said.substring(STARTED.length());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String address() {
    return address;
  }

  /** kill -9. */
  void kill() {
    process.toHandle().destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    kill();
  }

  public static void main(String[] args) throws InterruptedException {
    EmbeddedBroker broker = EmbeddedBroker.lasting(Path.of(args[0]), Integer.parseInt(args[1]));
    System.out.println(STARTED + broker.bootstrapServers());
    Thread.currentThread().join();
  }
}
