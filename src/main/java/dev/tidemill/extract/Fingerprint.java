package dev.tidemill.extract;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Tells whether a file of the same name is still the same file. Of its beginning only: a file may
 * grow.
 *
 * @param bytes how many of the first bytes were looked at
 * @param crc their CRC-32C
 */
record Fingerprint(int bytes, long crc) {
  private static final int ENOUGH = 4096;

  /**
   * @param readBytes how much of the file was read already: only that is sure to stay
   */
  static Fingerprint of(Path file, long readBytes) throws IOException {
    return ofFirst(file, (int) Math.min(ENOUGH, readBytes));
  }

  /** Whether the file still begins so. */
  boolean matches(Path file) throws IOException {
    return equals(ofFirst(file, bytes));
  }

  private static Fingerprint ofFirst(Path file, int count) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] first = in.readNBytes(count);
      CRC32C crc = new CRC32C();
      crc.update(first);
      return new Fingerprint(first.length, crc.getValue());
    }
  }
}
