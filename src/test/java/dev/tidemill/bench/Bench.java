package dev.tidemill.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.utils.Utils;

/** Where the benchmark leaves its files, and how it speaks. */
final class Bench {
  static final Path FOLDER = Path.of("target/bench").toAbsolutePath();

  /** For every process that is measured: those of the launcher, and a heap. */
  static final List<String> JAVA_OPTIONS =
      List.of("@" + Path.of("jvm.options").toAbsolutePath(), "-Xmx2g");

  private Bench() {}

  /** An empty folder for one run. */
  static Path newFolder(String run) throws IOException {
    Path folder = FOLDER.resolve("runs").resolve(run);
    Utils.delete(folder.toFile());
    return Files.createDirectories(folder);
  }

  static void say(String format, Object... values) {
    System.out.printf(Locale.ROOT, "[bench] " + format + "%n", values);
  }
}
