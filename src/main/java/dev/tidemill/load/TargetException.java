package dev.tidemill.load;

/**
 * The target did not do what it was asked for: a lost connection, a full disk, a lock. To be tried
 * again from the positions that the target then has.
 */
public sealed class TargetException extends Exception permits FencedException {
  private static final long serialVersionUID = 1L;

  public TargetException(String message) {
    super(message);
  }

  public TargetException(String message, Throwable cause) {
    super(message, cause);
  }
}
