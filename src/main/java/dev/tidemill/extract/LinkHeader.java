package dev.tidemill.extract;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The header {@code Link} of RFC 8288. */
final class LinkHeader {
  private static final String TOKEN = "[^\\s\"=;,<>]++";
  private static final String QUOTED = "\"(?:[^\"\\\\]++|\\\\.)*+\"";

  private static final Pattern LINK =
      Pattern.compile(
          "<([^>]*+)>((?:\\s*+;\\s*+(?:"
              + TOKEN
              + "(?:\\s*+=\\s*+(?:"
              + QUOTED
              + "|[^\\s\",;]*+))?+)?+)*+)");
  private static final Pattern REL =
      Pattern.compile("(?i);\\s*+rel\\s*+=\\s*+(?:\"([^\"]*+)\"|([^\\s\",;]++))");

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

  /** Only the first {@code rel} counts (section 3.3). */
  private static boolean isNext(String parameters) {
    Matcher rel = REL.matcher(parameters);
    if (!rel.find()) {
      return false;
    }
    String types = rel.group(1) == null ? rel.group(2) : rel.group(1);
    return List.of(types.toLowerCase(Locale.ROOT).trim().split("\\s+")).contains("next");
  }
}
