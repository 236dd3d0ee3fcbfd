package dev.tidemill.extract;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The header {@code Link} of RFC 8288. */
final class LinkHeader {
  /** A quoted text in group 2, any other value in group 3. */
  private static final String PARAMETER =
      "\\s*+;\\s*+([^\\s\"=;,<>]++)(?:\\s*+=\\s*+(?:\"((?:[^\"\\\\]++|\\\\.)*+)\"|([^\\s\",;]*+)))?+";

  private static final Pattern LINK = Pattern.compile("<([^>]*+)>((?:" + PARAMETER + ")*+)");
  private static final Pattern EACH = Pattern.compile("\\G" + PARAMETER);

  private LinkHeader() {}

  /**
   * The target of the first link to what is next.
   *
   * @param values of the header, in the order of the answer
   */
  static Optional<String> next(List<String> values) {
    for (String value : values) {
      Matcher link = LINK.matcher(value);
      while (link.find()) {
        if (isNext(link.group(2))) {
          return Optional.of(link.group(1));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isNext(String parameters) {
    Matcher parameter = EACH.matcher(parameters);
    while (parameter.find()) {
      if (parameter.group(1).equalsIgnoreCase("rel")) {
        String quoted = parameter.group(2);
        String types = quoted == null ? String.valueOf(parameter.group(3)) : quoted;
        // Another 'rel' of the same link is to be ignored (section 3.3).
        return List.of(types.toLowerCase(Locale.ROOT).trim().split("\\s+")).contains("next");
      }
    }
    return false;
  }
}
