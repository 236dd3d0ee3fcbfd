package dev.tidemill.schema;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.util.List;
import org.apache.avro.Schema;

/** A schema with every type that a row can hold, and a row of it. */
final class Rows {
  static final Schema SCHEMA =
      record(
          """
          {'name': 'yes', 'type': 'boolean'},
          {'name': 'small', 'type': 'int'},
          {'name': 'big', 'type': 'long'},
          {'name': 'single', 'type': 'float'},
          {'name': 'double', 'type': 'double'},
          {'name': 'text', 'type': 'string'},
          {'name': 'suit', 'type': {'type': 'enum', 'name': 'Suit', 'symbols': ['CLUBS', 'HEARTS']}},
          {'name': 'uuid', 'type': {'type': 'string', 'logicalType': 'uuid'}},
          {'name': 'uuid16', 'type': {'type': 'fixed', 'name': 'U', 'size': 16, 'logicalType': 'uuid'}},
          {'name': 'raw', 'type': 'bytes'},
          {'name': 'hash', 'type': {'type': 'fixed', 'name': 'Hash', 'size': 4}},
          {'name': 'price', 'type':
              {'type': 'bytes', 'logicalType': 'decimal', 'precision': 10, 'scale': 2}},
          {'name': 'fixed_price', 'type': {'type': 'fixed', 'name': 'P', 'size': 8,
              'logicalType': 'decimal', 'precision': 10, 'scale': 2}},
          {'name': 'day', 'type': {'type': 'int', 'logicalType': 'date'}},
          {'name': 'time', 'type': {'type': 'int', 'logicalType': 'time-millis'}},
          {'name': 'millis', 'type': {'type': 'long', 'logicalType': 'timestamp-millis'}},
          {'name': 'micros', 'type': {'type': 'long', 'logicalType': 'timestamp-micros'}},
          {'name': 'local', 'type': {'type': 'long', 'logicalType': 'local-timestamp-millis'}}
          """);

  private Rows() {}

  static Object[] full() {
    return new Object[] {
      true,
      Integer.MIN_VALUE,
      Long.MAX_VALUE,
      1.5f,
      -0.0d,
      "h\u00e9llo \ud83c\udf0a",
      "HEARTS",
      "6f9619ff-8b86-d011-b42d-00c04fc964ff",
      "6f9619ff-8b86-d011-b42d-00c04fc964ff",
      "raw".getBytes(UTF_8),
      new byte[] {1, 2, 3, 4},
      new BigDecimal("-12345678.90"),
      new BigDecimal("-0.01"),
      19_000,
      86_399_999,
      1_700_000_000_123L,
      -1L,
      1_700_000_000_123L
    };
  }

  /**
   * @param fields JSON with single quotes
   */
  static Schema record(String fields) {
    return record("Row", fields);
  }

  static Schema record(String name, String fields) {
    String json = "{'type': 'record', 'name': '" + name + "', 'fields': [" + fields + "]}";
    return Schemas.parse(json.replace('\'', '"'), "test");
  }

  static Schema nullable(Schema schema) {
    List<Schema.Field> fields =
        schema.getFields().stream()
            .map(
                field ->
                    new Schema.Field(
                        field.name(),
                        Schema.createUnion(Schema.create(Schema.Type.NULL), field.schema())))
            .toList();
    return Schema.createRecord("Nullable", null, null, false, fields);
  }
}
