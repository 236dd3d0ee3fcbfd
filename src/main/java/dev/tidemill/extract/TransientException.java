package dev.tidemill.extract;

/**
 * What a feed reads from is not there just now: a database that restarts, an API that is busy. The
 * pass is repeated from the committed positions, after a while.
 */
final class TransientException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TransientException(String message, Throwable cause) {
    super(message, cause);
  }
}
