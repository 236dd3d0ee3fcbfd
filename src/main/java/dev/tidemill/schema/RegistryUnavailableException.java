package dev.tidemill.schema;

/** The schema registry did not answer. Never a data error: to be tried again. */
public final class RegistryUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RegistryUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
