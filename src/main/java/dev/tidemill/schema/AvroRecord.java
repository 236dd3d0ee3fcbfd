package dev.tidemill.schema;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** One of our own records in Avro's generic form, with typed access by field name. */
record AvroRecord(GenericRecord record) {

  static AvroRecord of(Schema schema) {
    return new AvroRecord(new GenericData.Record(schema));
  }

  /**
   * @param value null, or a value in Avro's form; enums, instants (as ms) and byte arrays are
   *     converted
   */
  AvroRecord put(String field, Object value) {
    if (value instanceof Instant instant) {
      record.put(field, instant.toEpochMilli());
    } else if (value instanceof byte[] bytes) {
      record.put(field, ByteBuffer.wrap(bytes));
    } else if (value instanceof Enum<?> constant) {
      record.put(field, new GenericData.EnumSymbol(notNull(field), constant.name()));
    } else {
      record.put(field, value);
    }
    return this;
  }

  private Schema notNull(String field) {
    Schema schema = record.getSchema().getField(field).schema();
    return schema.isUnion() ? schema.getTypes().get(1) : schema;
  }

  Object get(String field) {
    return record.get(field);
  }

  String text(String field) {
    return get(field).toString();
  }

  int integer(String field) {
    return (Integer) get(field);
  }

  long number(String field) {
    return (Long) get(field);
  }

  Instant instant(String field) {
    return Instant.ofEpochMilli(number(field));
  }

  AvroRecord nested(String field) {
    return new AvroRecord((GenericRecord) get(field));
  }

  List<AvroRecord> list(String field) {
    return ((List<?>) get(field)).stream().map(e -> new AvroRecord((GenericRecord) e)).toList();
  }

  Optional<byte[]> bytes(String field) {
    return Optional.ofNullable((ByteBuffer) get(field))
        .map(
            buffer -> {
              byte[] bytes = new byte[buffer.remaining()];
              buffer.duplicate().get(bytes);
              return bytes;
            });
  }
}
