package dev.tidemill.definition;

import java.util.Optional;

/**
 * A text of the file, resolved, that can report what is wrong with it.
 *
 * @param isTyped whether YAML takes it for a number, true or false, or a variable may have become
 *     one
 */
record Text(Document document, Position position, String value, boolean isTyped) {

  /** Turns a text into what it means. */
  interface Parser<T> {
    /**
     * @throws IllegalArgumentException with what is wrong and what to write instead
     */
    T parse(String text);
  }

  <T> Optional<T> as(Parser<T> parser) {
    try {
      return Optional.of(parser.parse(value));
    } catch (IllegalArgumentException e) {
      problem(e.getMessage());
      return Optional.empty();
    }
  }

  void problem(String message) {
    document.problem(position, message);
  }
}
