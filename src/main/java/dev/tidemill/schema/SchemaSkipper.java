package dev.tidemill.schema;

import org.apache.avro.Schema;

/**
 * Steps over a value without making one. After {@link #skip} has passed, every length in the value
 * is known to be true, so it can be given to Avro's own readers, which believe lengths.
 */
final class SchemaSkipper {
  private static final int MAX_DEPTH = 200;

  /** Elements without bytes (nulls, empty records) cost nothing on the wire, and memory here. */
  private static final long MAX_EMPTY_ELEMENTS = 1_000;

  private SchemaSkipper() {}

  static void skip(Schema schema, AvroInput in) throws DecodeException {
    skip(schema, in, 0);
  }

  private static void skip(Schema schema, AvroInput in, int depth) throws DecodeException {
    if (depth > MAX_DEPTH) {
      throw new DecodeException("nested more than " + MAX_DEPTH + " deep");
    }
    switch (schema.getType()) {
      case NULL -> {}
      case BOOLEAN -> in.readBoolean();
      case INT -> in.readInt();
      case ENUM -> index(in.readInt(), schema.getEnumSymbols().size(), "symbol");
      case LONG -> in.readLong();
      case FLOAT -> in.skip(4);
      case DOUBLE -> in.skip(8);
      case STRING, BYTES -> in.skipBytes();
      case FIXED -> in.skip(schema.getFixedSize());
      case UNION -> {
        int branch = index(in.readLong(), schema.getTypes().size(), "branch");
        skip(schema.getTypes().get(branch), in, depth + 1);
      }
      case RECORD -> {
        for (Schema.Field field : schema.getFields()) {
          skip(field.schema(), in, depth + 1);
        }
      }
      case ARRAY -> skipBlocks(schema.getElementType(), false, in, depth + 1);
      case MAP -> skipBlocks(schema.getValueType(), true, in, depth + 1);
    }
  }

  private static void skipBlocks(Schema element, boolean keys, AvroInput in, int depth)
      throws DecodeException {
    for (long count = in.readLong(); count != 0; count = in.readLong()) {
      if (count < 0) {
        in.readLong(); // the block's length in bytes, which we do not trust
      }
      if (count == Long.MIN_VALUE) {
        throw new DecodeException("a block of " + count + " elements");
      }
      for (long i = Math.abs(count); i > 0; i--) {
        int before = in.position();
        if (keys) {
          in.skipBytes();
        }
        skip(element, in, depth);
        if (in.position() == before) {
          if (i > MAX_EMPTY_ELEMENTS) {
            throw new DecodeException(i + " elements without a single byte");
          }
          break; // the other elements have no bytes either
        }
      }
    }
  }

  private static int index(long index, int size, String what) throws DecodeException {
    if (index < 0 || index >= size) {
      throw new DecodeException(what + " " + index + " of " + size);
    }
    return (int) index;
  }
}
