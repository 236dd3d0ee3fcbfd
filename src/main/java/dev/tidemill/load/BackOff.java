package dev.tidemill.load;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When to try again after trouble: after 0.5 s, then twice as long each time, 30 s at most. Says so
 * in the log the first time, when the message changes, and every 5 minutes. Not thread-safe.
 */
final class BackOff {
  private static final Logger LOG = LoggerFactory.getLogger(BackOff.class);
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration SILENCE = Duration.ofMinutes(5);

  private final Clock clock;
  private Duration wait = FIRST;
  private Instant next = Instant.MIN;
  private Instant lastLogged = Instant.MIN;
  private Optional<String> trouble = Optional.empty();

  BackOff(Clock clock) {
    this.clock = clock;
  }

  boolean isOver() {
    return !clock.instant().isBefore(next);
  }

  void failed(String message, Throwable cause) {
    Instant now = clock.instant();
    boolean silent = trouble.equals(Optional.of(message)) && now.isBefore(lastLogged.plus(SILENCE));
    if (!silent) {
      LOG.warn("{}; trying again until it works", message);
      LOG.debug("the cause:", cause);
      lastLogged = now;
    }
    trouble = Optional.of(message);
    next = now.plus(wait);
    Duration twice = wait.multipliedBy(2);
    wait = twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
  }

  void worked() {
    trouble.ifPresent(
        message -> LOG.info("it works again, after: {}", message.lines().findFirst().orElse("")));
    trouble = Optional.empty();
    wait = FIRST;
    next = Instant.MIN;
  }
}
