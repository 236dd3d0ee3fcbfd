package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many rows an extractor may publish in a time, on the average.
 *
 * @param rows at least one
 * @param per the time
 */
public record Rate(long rows, Duration per) {
  private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,8})/([smh])");
  private static final long NANOS = 1_000_000_000;

  public Rate {
    requireNonNull(per, "per");
    if (rows < 1 || per.isZero() || per.isNegative()) {
      throw new IllegalArgumentException("no rate: " + rows + " in " + per);
    }
  }

  /**
   * @throws IllegalArgumentException says what to write
   */
  public static Rate parse(String text) {
    Matcher rate = TEXT.matcher(text);
    if (!rate.matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a rate; write a number of rows and s, m or h, such as 5000/s or 100/m"
              .formatted(text));
    }
    Duration per =
        switch (rate.group(2)) {
          case "s" -> Duration.ofSeconds(1);
          case "m" -> Duration.ofMinutes(1);
          default -> Duration.ofHours(1);
        };
    return new Rate(Long.parseLong(rate.group(1)), per);
  }

  /** As it is written. */
  @Override
  public String toString() {
    return rows
        + switch ((int) per.toSeconds()) {
          case 1 -> "/s";
          case 60 -> "/m";
          case 3600 -> "/h";
          default -> " in " + per;
        };
  }

  /** How long so many rows take; nanoseconds. */
  public long nanos(long count) {
    return Math.round((double) count / rows * per.toSeconds() * NANOS);
  }

  /** How many rows a second has room for, at least one. */
  public int rowsInASecond() {
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, rows / per.toSeconds()));
  }
}
