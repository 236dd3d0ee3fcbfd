package dev.tidemill.schema;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** Writes Avro's binary encoding into a buffer that is used again. Not thread-safe. */
final class AvroOutput {
  private static final int USUAL = 512;
  private static final int KEPT = 1 << 20;

  /** Of a text: up to this its length is one byte. */
  private static final int SHORT = 63;

  private byte[] buffer = new byte[USUAL];
  private int size;

  /** Empties the buffer; an unusually large one is given back. */
  void reset() {
    size = 0;
    if (buffer.length > KEPT) {
      buffer = new byte[USUAL];
    }
  }

  byte[] toByteArray() {
    return Arrays.copyOf(buffer, size);
  }

  void writeBoolean(boolean value) {
    room(1);
    buffer[size++] = (byte) (value ? 1 : 0);
  }

  void writeLong(long value) {
    room(10);
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7FL) != 0) {
      buffer[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[size++] = (byte) rest;
  }

  void writeFloat(float value) {
    writeFixedInt(Float.floatToRawIntBits(value));
  }

  void writeDouble(double value) {
    long bits = Double.doubleToRawLongBits(value);
    writeFixedInt((int) bits);
    writeFixedInt((int) (bits >>> 32));
  }

  void writeString(String value) {
    if (!writeShort(value)) {
      writeBytes(value.getBytes(UTF_8));
    }
  }

  /** Without bytes of its own. False, and nothing is written, if it is longer or not ASCII. */
  private boolean writeShort(String value) {
    int length = value.length();
    if (length > SHORT) {
      return false;
    }
    room(1 + length);
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c >= 0x80) {
        return false;
      }
      buffer[size + 1 + i] = (byte) c;
    }
    buffer[size] = (byte) (length << 1);
    size += 1 + length;
    return true;
  }

  void writeBytes(byte[] value) {
    writeLong(value.length);
    writeFixed(value);
  }

  void writeFixed(byte[] value) {
    room(value.length);
    System.arraycopy(value, 0, buffer, size, value.length);
    size += value.length;
  }

  private void writeFixedInt(int bits) {
    room(4);
    buffer[size] = (byte) bits;
    buffer[size + 1] = (byte) (bits >>> 8);
    buffer[size + 2] = (byte) (bits >>> 16);
    buffer[size + 3] = (byte) (bits >>> 24);
    size += 4;
  }

  private void room(int length) {
    if (buffer.length - size < length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + length));
    }
  }
}
