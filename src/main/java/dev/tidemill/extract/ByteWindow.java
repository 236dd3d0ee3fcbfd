package dev.tidemill.extract;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** A part of a stream in the heap, which grows as it is asked to. Not thread-safe. */
final class ByteWindow implements AutoCloseable {
  private final InputStream in;
  private boolean atEnd;

  /** What is there is between {@link #start} and {@link #limit}. */
  byte[] bytes = new byte[1 << 16];

  /** Moved by who has used what is before it. */
  int start;

  int limit;

  /**
   * @param in closed by {@link #close()}
   */
  ByteWindow(InputStream in) {
    this.in = in;
  }

  /**
   * Reads on; what is there stays, though it may move.
   *
   * @return false at the end
   */
  boolean fill() throws IOException {
    if (atEnd) {
      return false;
    }
    System.arraycopy(bytes, start, bytes, 0, limit - start);
    limit -= start;
    start = 0;
    if (limit == bytes.length) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
    int count = in.read(bytes, limit, bytes.length - limit);
    atEnd = count < 0;
    limit += Math.max(count, 0);
    return count > 0;
  }

  /** The first bytes. */
  byte[] first(int length) {
    return Arrays.copyOfRange(bytes, start, start + length);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
