package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Comparator;

/**
 * Something in a file that has to be put right, and what to write instead.
 *
 * @param file as the user named it
 * @param message never holds the value of an environment variable
 */
public record Problem(Path file, Position position, String message) implements Comparable<Problem> {

  private static final Comparator<Problem> BY_PLACE =
      Comparator.comparing(Problem::file)
          .thenComparing(Problem::position)
          .thenComparing(Problem::message);

  public Problem {
    requireNonNull(file, "file");
    requireNonNull(position, "position");
    requireNonNull(message, "message");
  }

  @Override
  public int compareTo(Problem other) {
    return BY_PLACE.compare(this, other);
  }

  /** {@code file:line:column: message}, which editors and terminals turn into a link. */
  @Override
  public String toString() {
    return file + ":" + position + ": " + message;
  }
}
