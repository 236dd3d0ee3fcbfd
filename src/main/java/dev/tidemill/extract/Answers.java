package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemill.definition.Unavailable;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Tells answers that are good from those that may be good in a while, and those that will not be.
 * What it shows of an answer is without the secrets that it knows. Not thread-safe.
 */
final class Answers {
  private static final int SHOWN = 200;
  private static final String HIDDEN = "***";

  private final List<String> secrets = new ArrayList<>();
  private final Clock clock;

  Answers(List<String> secrets, Clock clock) {
    secrets.forEach(this::hide);
    this.clock = clock;
  }

  /** One more secret. */
  void hide(String secret) {
    if (!secret.isEmpty() && !secrets.contains(secret)) {
      secrets.add(secret);
      secrets.sort(Comparator.comparing((String text) -> -text.length())); // one may hold another
    }
  }

  /**
   * @param what was asked, for messages
   * @throws TransientException if the server is busy, or broken
   * @throws Unavailable if it refuses
   */
  ApiAnswer require(ApiAnswer answer, String what) {
    int status = answer.status();
    if (status >= 200 && status < 300) {
      return answer;
    }
    String message = "%s: status %d: %s".formatted(what, status, beginning(answer.body()));
    if (status >= 500 || status == 429 || status == 408 || status == 425) {
      Duration wait =
          answer
              .headers()
              .firstValue("Retry-After")
              .flatMap(value -> RetryAfter.parse(value.trim(), clock))
              .orElse(Duration.ZERO);
      throw new TransientException(message, null, wait);
    }
    String check = status == 401 || status == 403 ? "'auth'" : "the source's definition";
    throw new Unavailable(message + "; check " + check + ", and start again: nothing is lost");
  }

  /** The first characters of an answer, on one line. */
  String beginning(byte[] body) {
    // A secret may lie across the end of what is shown.
    String text = new String(body, 0, Math.min(body.length, 8 * SHOWN), UTF_8);
    String shown = hidden(text).replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return shown.isEmpty()
        ? "(nothing)"
        : shown.length() <= SHOWN ? shown : shown.substring(0, SHOWN) + "…";
  }

  String hidden(String text) {
    String shown = text;
    for (String secret : secrets) {
      shown = shown.replace(secret, HIDDEN);
    }
    return shown;
  }
}
