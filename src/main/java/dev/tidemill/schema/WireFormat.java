package dev.tidemill.schema;

import java.nio.ByteBuffer;

/** Confluent's envelope: a zero byte, the schema's id in 4 bytes big-endian, then Avro binary. */
final class WireFormat {
  static final int HEADER_BYTES = 5;

  private WireFormat() {}

  static byte[] header(int id) {
    return ByteBuffer.allocate(HEADER_BYTES).put((byte) 0).putInt(id).array();
  }

  /**
   * Where the record begins, in a format that can do without a schema id: no text begins with 0.
   */
  static int bodyFrom(byte[] bytes) {
    return bytes.length >= HEADER_BYTES && bytes[0] == 0 ? HEADER_BYTES : 0;
  }

  /**
   * @return the id of the schema that the record was written with
   */
  static int id(byte[] bytes) throws DecodeException {
    if (bytes == null) {
      throw new DecodeException("the value is null");
    }
    if (bytes.length < HEADER_BYTES) {
      throw new DecodeException(
          "the value has " + bytes.length + " bytes: too short for Avro with a schema id");
    }
    if (bytes[0] != 0) {
      throw new DecodeException(
          "the value begins with byte 0x%02x instead of 0x00: not Avro with a schema id"
              .formatted(bytes[0]));
    }
    int id = ByteBuffer.wrap(bytes).getInt(1);
    if (id < 0) {
      throw new DecodeException("schema id " + id + " is negative");
    }
    return id;
  }
}
