package dev.tidemill.definition;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** The definitions under {@code src/test/resources/definitions}. */
final class Examples {
  static final String SECRET = "hunter2-hunter2";
  static final Path GOOD = Path.of("src/test/resources/definitions/good");
  static final Path BAD = Path.of("src/test/resources/definitions/bad");
  static final Function<String, String> ENVIRONMENT =
      Map.of("SECRET", SECRET, "PG_URL", "jdbc:postgresql://localhost/x?password=" + SECRET)::get;

  private Examples() {}

  static List<Path> good() {
    return yaml(GOOD);
  }

  static List<Path> bad() {
    return yaml(BAD);
  }

  private static List<Path> yaml(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
