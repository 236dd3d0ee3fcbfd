package dev.tidemill.schema;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;

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
      case ARRAY -> elements(column.element(), (Collection<?>) value);
      case RECORD -> record(column, (IndexedRecord) value);
      case NESTED -> null;
      default -> value;
    };
  }

  private static List<Object> elements(Column element, Collection<?> values)
      throws DecodeException {
    List<Object> elements = new ArrayList<>(values.size());
    for (Object value : values) {
      elements.add(toRow(element, value));
    }
    return elements;
  }

  /** Its schema may have other fields, too, or none of those that a row can not hold. */
  private static List<Object> record(Column column, IndexedRecord value) throws DecodeException {
    List<Object> values = new ArrayList<>();
    for (Column field : column.fields()) {
      int place = value.getSchema().getField(field.fieldName()).pos();
      values.add(toRow(field, value.get(place)));
    }
    return values;
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
