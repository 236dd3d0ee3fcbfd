package dev.tidemill.batch;

/**
 * What the manifests of a source's files say of their rows.
 *
 * @param rows of the files that were begun; {@link #UNTOLD} if no manifest has said so
 * @param unconfirmed how many of these files do not, or not yet, have as many rows
 */
public record Expected(long rows, long unconfirmed) {
  public static final long UNTOLD = -1;

  public static final Expected NOTHING = new Expected(UNTOLD, 0);

  public Expected {
    if (unconfirmed < 0) {
      throw new IllegalArgumentException("unconfirmed must not be negative: " + unconfirmed);
    }
  }

  public boolean isTold() {
    return rows != UNTOLD;
  }

  /** Whether every file that was begun is read to its end, and is what was expected. */
  public boolean isConfirmed() {
    return unconfirmed == 0;
  }

  /** With one more file. */
  public Expected plus(long rowsOfFile, boolean confirmed) {
    return new Expected(Math.max(rows, 0) + rowsOfFile, unconfirmed + (confirmed ? 0 : 1));
  }

  /** Without a file that was added. */
  public Expected minus(long rowsOfFile, boolean confirmed) {
    return new Expected(rows - rowsOfFile, unconfirmed - (confirmed ? 0 : 1));
  }
}
