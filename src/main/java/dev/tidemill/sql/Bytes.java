package dev.tidemill.sql;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes group keys and partials. Every value has one form only. */
final class Bytes {
  private byte[] bytes;
  private int size;

  Bytes(int capacity) {
    bytes = new byte[capacity];
  }

  void writeByte(int value) {
    room(1);
    bytes[size++] = (byte) value;
  }

  /** LEB128: 7 bits a byte, the lowest first. Negative numbers take ten bytes. */
  void writeVarint(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** Small in bytes if small in magnitude, for both signs. */
  void writeSigned(long value) {
    writeVarint(value << 1 ^ value >> 63);
  }

  void writeFixed32(int value) {
    room(4);
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  void writeFixed64(long value) {
    room(8);
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  void writeBytes(byte[] value) {
    writeVarint(value.length);
    room(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
  }

  void writeString(String value) {
    writeBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  void writeInteger(BigInteger value) {
    writeBytes(value.toByteArray());
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** What was written, with equality. */
  Key toKey() {
    return new Key(toArray());
  }

  /** Bytes that can be told apart and ordered. */
  record Key(byte[] bytes) implements Comparable<Key> {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public int compareTo(Key other) {
      return Arrays.compareUnsigned(bytes, other.bytes);
    }
  }

  private void room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
    }
  }
}
