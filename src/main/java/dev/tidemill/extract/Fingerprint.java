package dev.tidemill.extract;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * Tells whether a file still begins with what was read of it, by the beginning and the end of that:
 * many files begin with the same header, and one that grows keeps both.
 *
 * @param bytes how many of the first bytes were looked at
 * @param crc their CRC-32C
 * @param last that of as many bytes before the place up to which it was read; empty if an earlier
 *     release has not looked at them
 */
record Fingerprint(int bytes, long crc, OptionalLong last) {
  private static final int ENOUGH = 4096;

  static final Fingerprint NONE = new Fingerprint(0, 0, OptionalLong.empty());

  Fingerprint {
    requireNonNull(last, "last");
  }

  /**
   * @param readBytes how much of the file was read already: only that is sure to stay
   */
  static Fingerprint of(Path file, long readBytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      int count = (int) Math.min(ENOUGH, readBytes);
      ByteBuffer first = read(channel, 0, count);
      return new Fingerprint(
          first.remaining(),
          crc(first),
          OptionalLong.of(crc(read(channel, readBytes - count, count))));
    }
  }

  /**
   * Whether the file still begins so.
   *
   * @param readBytes as when it was taken
   */
  boolean matches(Path file, long readBytes) throws IOException {
    Fingerprint now = of(file, readBytes);
    return now.bytes == bytes
        && now.crc == crc
        && (last.isEmpty() || last.getAsLong() == now.last.getAsLong());
  }

  /** Fewer bytes at the end of the file. */
  private static ByteBuffer read(FileChannel file, long from, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining() && file.read(bytes, from + bytes.position()) >= 0) {
      // until all is there
    }
    return bytes.flip();
  }

  private static long crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return crc.getValue();
  }
}
