package dev.tidemill.extract;

import java.time.Duration;

/**
 * What a feed reads from is not there just now: a database that restarts, an API that is busy. The
 * pass is repeated from the committed positions, after a while.
 */
final class TransientException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Duration wait;

  TransientException(String message, Throwable cause) {
    this(message, cause, Duration.ZERO);
  }

  /**
   * @param wait how long it asks to be left alone
   */
  TransientException(String message, Throwable cause, Duration wait) {
    super(message, cause);
    this.wait = wait;
  }

  /** How long to wait at least. */
  Duration atLeast() {
    return wait;
  }
}
