package dev.tidemill.schema;

import java.nio.ByteBuffer;
import org.apache.avro.generic.GenericFixed;

/** From Avro's generic values to those of a row: for defaults and resolved schemas. */
final class GenericValues {
  private GenericValues() {}

  static Object toRow(Column column, Object value) throws DecodeException {
    if (value == null) {
      return null;
    }
    return switch (column.kind()) {
      case STRING, ENUM -> value.toString();
      case BYTES, FIXED -> bytes(value);
      case UUID -> uuid(bytes(value));
      case DECIMAL -> ExactDecimal.ofBytes(bytes(value), column);
      case TIMESTAMP_MICROS -> Math.floorDiv((Long) value, 1000L);
      case NESTED -> null;
      default -> value;
    };
  }

  static String uuid(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new java.util.UUID(buffer.getLong(), buffer.getLong()).toString();
  }

  private static byte[] bytes(Object value) {
    if (value instanceof GenericFixed fixed) {
      return fixed.bytes();
    }
    ByteBuffer buffer = ((ByteBuffer) value).duplicate();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
