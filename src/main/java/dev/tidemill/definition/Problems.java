package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/**
 * Gathers every problem of one file, so that a person can put them right in one go. Not
 * thread-safe.
 */
final class Problems {
  private final Path file;
  private final Environment environment;
  private final TreeSet<Problem> found = new TreeSet<>();

  Problems(Path file, Environment environment) {
    this.file = requireNonNull(file, "file");
    this.environment = requireNonNull(environment, "environment");
  }

  void add(Position position, String message) {
    found.add(new Problem(file, position, environment.redact(message)));
  }

  /** In the order of the file, each once. */
  List<Problem> sorted() {
    return List.copyOf(found);
  }
}
