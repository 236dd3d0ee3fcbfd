package dev.tidemill.extract;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** The header {@code Retry-After} of RFC 9110, section 10.2.3. */
final class RetryAfter {
  /** An API that asks for more is asked again after this. */
  static final Duration MAX = Duration.ofMinutes(15);

  private RetryAfter() {}

  /**
   * @param value seconds, or a date
   * @return not negative and not over {@link #MAX}; empty if it is neither
   */
  static Optional<Duration> parse(String value, Clock clock) {
    if (value.matches("[0-9]{1,18}")) {
      return Optional.of(capped(Duration.ofSeconds(Long.parseLong(value))));
    }
    try {
      Instant at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(capped(Duration.between(clock.instant(), at)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Duration capped(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(MAX) > 0 ? MAX : wait;
  }
}
