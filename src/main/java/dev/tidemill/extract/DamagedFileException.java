package dev.tidemill.extract;

import dev.tidemill.definition.Unavailable;

/** A file can not be read, or not any further, since it is not what its format says. */
final class DamagedFileException extends Unavailable {
  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * @param reason behind the name of the file
   */
  DamagedFileException(InputFile file, String reason, Throwable cause) {
    super(
        file.path()
            + " "
            + reason
            + ". Put the whole file there and start again: nothing is lost; or write 'on-mismatch: reject'",
        cause);
    this.reason = reason;
  }

  DamagedFileException(InputFile file, String reason) {
    this(file, reason, null);
  }

  /** Without the name of the file, and without what to do. */
  String reason() {
    return reason;
  }
}
