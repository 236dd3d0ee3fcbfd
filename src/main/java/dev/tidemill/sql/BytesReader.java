package dev.tidemill.sql;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what {@link Bytes} wrote, in the same order. */
final class BytesReader {
  private final byte[] bytes;
  private int position;

  BytesReader(byte[] bytes) {
    this.bytes = bytes;
  }

  int readByte() {
    return bytes[position++];
  }

  long readVarint() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = bytes[position++];
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  long readSigned() {
    long value = readVarint();
    return value >>> 1 ^ -(value & 1);
  }

  int readFixed32() {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      value = value << 8 | bytes[position++] & 0xFF;
    }
    return value;
  }

  long readFixed64() {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = value << 8 | bytes[position++] & 0xFF;
    }
    return value;
  }

  byte[] readBytes() {
    int length = (int) readVarint();
    position += length;
    return Arrays.copyOfRange(bytes, position - length, position);
  }

  String readString() {
    int length = (int) readVarint();
    position += length;
    return new String(bytes, position - length, length, StandardCharsets.UTF_8);
  }

  BigInteger readInteger() {
    return new BigInteger(readBytes());
  }
}
