package dev.tidemill.extract;

import static java.util.Objects.requireNonNull;

/**
 * How far a file is published.
 *
 * @param next the first row that is not
 * @param bytes how much of the file on the disk was needed for that
 * @param rows how many are, unreadable ones included
 * @param fingerprint of what was read
 * @param done whether this was the end of the file
 */
record FilePosition(Place next, long bytes, long rows, Fingerprint fingerprint, boolean done) {
  static final FilePosition START =
      new FilePosition(Place.START, 0, 0, new Fingerprint(0, 0), false);

  FilePosition {
    requireNonNull(next, "next");
    requireNonNull(fingerprint, "fingerprint");
  }
}
