package dev.tidemill.definition;

/**
 * Something that the pipeline needs is not there: a broker, a registry, a table, a free port, space
 * on a disk. Ends the command with exit code 3. The message names the thing, the setting that
 * points to it, and what to do.
 */
public class Unavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Unavailable(String message) {
    super(message);
  }

  public Unavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
