package dev.tidemill.schema;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;

/**
 * Reads Avro's binary encoding from an array, and never beyond it: a length is checked before
 * anything is allocated, so that a broken record costs no more than a good one. Not thread-safe.
 */
final class AvroInput {
  private final ShortStrings shortStrings = new ShortStrings();
  private byte[] bytes = new byte[0];
  private int position;

  /** Reads {@code bytes} from now on, beginning at {@code from}. */
  void reset(byte[] bytes, int from) {
    this.bytes = bytes;
    this.position = from;
  }

  byte[] bytes() {
    return bytes;
  }

  int position() {
    return position;
  }

  int remaining() {
    return bytes.length - position;
  }

  boolean readBoolean() throws DecodeException {
    int value = readByte();
    if (value != 0 && value != 1) {
      throw new DecodeException("byte " + value + " is no boolean");
    }
    return value == 1;
  }

  int readInt() throws DecodeException {
    long value = readLong();
    if (value != (int) value) {
      throw new DecodeException(value + " is out of the range of an int");
    }
    return (int) value;
  }

  long readLong() throws DecodeException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = readByte();
      value |= (next & 0x7FL) << shift;
      if (next < 0x80) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw new DecodeException("a number of more than 10 bytes");
  }

  float readFloat() throws DecodeException {
    return Float.intBitsToFloat(readFixedInt());
  }

  double readDouble() throws DecodeException {
    long low = readFixedInt() & 0xFFFFFFFFL;
    return Double.longBitsToDouble(low | ((long) readFixedInt() << 32));
  }

  /** Text that is not UTF-8 is refused, not repaired. */
  String readString() throws DecodeException {
    int length = readLength();
    String text =
        length <= ShortStrings.LONGEST
            ? shortStrings.of(bytes, position, length)
            : new String(bytes, position, length, UTF_8);
    if (text.indexOf('\uFFFD') >= 0) {
      text = strictly(position, length);
    }
    position += length;
    return text;
  }

  byte[] readBytes() throws DecodeException {
    return readFixed(readLength());
  }

  byte[] readFixed(int length) throws DecodeException {
    need(length);
    position += length;
    return copy(position - length, position);
  }

  byte[] copy(int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  void skip(long length) throws DecodeException {
    need(length);
    position += (int) length;
  }

  void skipBytes() throws DecodeException {
    int length = readLength(); // moves the position itself
    position += length;
  }

  private int readLength() throws DecodeException {
    long length = readLong();
    need(length);
    return (int) length;
  }

  private int readByte() throws DecodeException {
    if (position >= bytes.length) {
      throw new DecodeException("the record is cut off after " + bytes.length + " bytes");
    }
    return bytes[position++] & 0xFF;
  }

  private int readFixedInt() throws DecodeException {
    need(4);
    int at = position;
    position += 4;
    return (bytes[at] & 0xFF)
        | (bytes[at + 1] & 0xFF) << 8
        | (bytes[at + 2] & 0xFF) << 16
        | bytes[at + 3] << 24;
  }

  private void need(long length) throws DecodeException {
    if (length < 0 || length > remaining()) {
      throw new DecodeException(
          "a length of " + length + " bytes, but only " + remaining() + " are left");
    }
  }

  private String strictly(int from, int length) throws DecodeException {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length)).toString();
    } catch (CharacterCodingException e) {
      throw new DecodeException("the text is not UTF-8");
    }
  }
}
