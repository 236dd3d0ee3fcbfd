package dev.tidemill.definition;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * How far behind the largest value that was read a record may still come: its writer was slower
 * than others. Either {@code time} or {@code count} is 0.
 *
 * @param time between dates or timestamps
 * @param count between numbers
 */
public record Overlap(Duration time, long count) {
  public static final Overlap NONE = new Overlap(Duration.ZERO, 0);

  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,18}");

  public Overlap {
    if (time.isNegative() || count < 0 || !time.isZero() && count > 0) {
      throw new IllegalArgumentException("no overlap: " + time + ", " + count);
    }
  }

  /**
   * @throws IllegalArgumentException if the text is neither a duration nor a whole number
   */
  static Overlap parse(String text) {
    return WHOLE.matcher(text).matches()
        ? new Overlap(Duration.ZERO, Long.parseLong(text))
        : new Overlap(DurationText.parse(text), 0);
  }

  public boolean isNone() {
    return time.isZero() && count == 0;
  }
}
