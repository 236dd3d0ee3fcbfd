package dev.tidemill.batch;

import java.util.Arrays;

/**
 * What the rows of one share add to the gates of their batch, encoded by who counts them. To the
 * ledger it is opaque: only a {@link Gates} reads it. Immutable.
 */
public final class GatePart {
  public static final GatePart NONE = new GatePart(new byte[0]);

  private final byte[] bytes;

  public GatePart(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  public boolean isNone() {
    return bytes.length == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GatePart part && Arrays.equals(bytes, part.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return bytes.length + " bytes";
  }
}
