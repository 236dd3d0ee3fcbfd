package dev.tidemill.definition;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How durations are written: {@code 2h}, {@code 500ms}, or ISO-8601's {@code PT2H}. */
public final class DurationText {
  private static final Pattern SHORT = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  private DurationText() {}

  /**
   * @throws IllegalArgumentException if it is not a duration, or a negative one
   */
  static Duration parse(String text) {
    Matcher written = SHORT.matcher(text);
    if (written.matches()) {
      long amount = Long.parseLong(written.group(1));
      return switch (written.group(2)) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        case "h" -> Duration.ofHours(amount);
        default -> Duration.ofDays(amount);
      };
    }
    return iso(text);
  }

  /** As {@link #parse}, and longer than nothing. */
  public static Duration parsePositive(String text) {
    Duration duration = parse(text);
    if (duration.isZero()) {
      throw new IllegalArgumentException("'%s' must be longer than 0s".formatted(text));
    }
    return duration;
  }

  /** As it is written with the largest unit that fits; {@link #parse} reads it. */
  static String text(Duration duration) {
    long millis = duration.toMillis();
    if (!duration.equals(Duration.ofMillis(millis))) {
      return duration.toString();
    }
    String text =
        millis % SECOND > 0
            ? millis + "ms"
            : millis % MINUTE > 0 || millis == 0
                ? millis / SECOND + "s"
                : millis % HOUR > 0
                    ? millis / MINUTE + "m"
                    : millis % DAY > 0 ? millis / HOUR + "h" : millis / DAY + "d";
    return SHORT.matcher(text).matches() ? text : duration.toString();
  }

  private static Duration iso(String text) {
    try {
      if (text.startsWith("P") && !text.contains("-") && !text.contains("+")) {
        return Duration.parse(text);
      }
    } catch (DateTimeParseException e) {
      // Told below, in our own words.
    }
    throw new IllegalArgumentException(
        "'%s' is not a duration; write a number with ms, s, m, h or d, such as 30s or 2h"
            .formatted(text));
  }
}
