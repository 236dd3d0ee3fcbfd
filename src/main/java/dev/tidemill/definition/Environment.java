package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The environment variables, and a memory of the values that were used: each may be a secret, so
 * {@link #redact} takes them out of what people get to see. Not thread-safe.
 */
final class Environment {
  private static final int SHORT = 3;

  private final Function<String, String> variables;
  private final Map<String, String> used = new LinkedHashMap<>();

  /**
   * @param variables gives null for a variable that is not set, as {@link System#getenv} does
   */
  Environment(Function<String, String> variables) {
    this.variables = requireNonNull(variables, "variables");
  }

  Optional<String> get(String name) {
    Optional<String> value = Optional.ofNullable(variables.apply(name));
    value.ifPresent(v -> used.put(name, v));
    return value;
  }

  /** The text with references in the place of the values that they stand for. */
  String redact(String text) {
    String redacted = text;
    for (Map.Entry<String, String> variable : longestFirst()) {
      String reference = Matcher.quoteReplacement("${env:" + variable.getKey() + "}");
      redacted = pattern(variable.getValue()).matcher(redacted).replaceAll(reference);
    }
    return redacted;
  }

  /** A secret may hold another one; the outer must go first. */
  private Iterable<Map.Entry<String, String>> longestFirst() {
    return used.entrySet().stream()
        .filter(variable -> !variable.getValue().isEmpty())
        .sorted(Comparator.comparing(variable -> -variable.getValue().length()))
        .toList();
  }

  /** A very short value is taken out where it stands alone, or it would riddle every word. */
  private static Pattern pattern(String value) {
    String quoted = Pattern.quote(value);
    return Pattern.compile(
        value.length() < SHORT ? "(?<![A-Za-z0-9])" + quoted + "(?![A-Za-z0-9])" : quoted);
  }
}
