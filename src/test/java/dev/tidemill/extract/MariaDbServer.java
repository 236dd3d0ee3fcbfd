package dev.tidemill.extract;

import dev.tidemill.cli.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** MariaDB as Debian has it, with its data in a folder that is gone afterwards. */
final class MariaDbServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final int port;

  private MariaDbServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Where the server is; empty if it is not installed. */
  static Optional<Path> installed() {
    Stream<String> path = Stream.of(System.getenv().getOrDefault("PATH", "").split(":"));
    return Stream.concat(path, Stream.of("/usr/sbin"))
        .map(folder -> Path.of(folder, "mariadbd"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static MariaDbServer start(Path program, Path folder) {
    try {
      Path data = folder.resolve("data");
      run(
          List.of(
              "mariadb-install-db",
              "--no-defaults",
              "--datadir=" + data,
              "--auth-root-authentication-method=normal",
              "--skip-test-db",
              "--user=" + System.getProperty("user.name")),
          folder);
      int port = freePort();
      List<String> command =
          new ArrayList<>(
              List.of(
                  program.toString(),
                  "--no-defaults",
                  "--datadir=" + data,
                  "--socket=" + folder.resolve("socket"),
                  "--pid-file=" + folder.resolve("pid"),
                  "--port=" + port,
                  "--bind-address=127.0.0.1",
                  "--default-time-zone=+05:30",
                  "--user=" + System.getProperty("user.name")));
      Process process = started(command, folder);
      MariaDbServer server = new MariaDbServer(process, port);
      boolean started = false;
      try {
        server.awaitConnections();
        started = true;
      } finally {
        if (!started) {
          server.close();
        }
      }
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static Process started(List<String> command, Path folder) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private static void run(List<String> command, Path folder) throws IOException {
    Process process = started(command, folder);
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError(Files.readString(folder.resolve("log")));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } finally {
      end(process);
    }
  }

  private void awaitConnections() {
    Await.until(
        "MariaDB answers, or has ended",
        PATIENCE,
        () -> {
          if (!process.isAlive()) {
            return true; // the next connection says so
          }
          try (Connection connection = JdbcTrial.connect(url("mysql"))) {
            return connection.isValid(1);
          } catch (SQLException e) {
            return false;
          }
        });
    try (Connection connection = JdbcTrial.connect(url("mysql"))) {
      connection.createStatement().execute("CREATE DATABASE shop");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  String url() {
    return url("shop");
  }

  private String url(String database) {
    return "jdbc:mariadb://127.0.0.1:" + port + "/" + database + "?user=root";
  }

  @Override
  public void close() {
    end(process);
  }

  /** With what it has started: to set up a database is a script. */
  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
