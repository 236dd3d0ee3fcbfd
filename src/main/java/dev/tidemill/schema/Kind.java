package dev.tidemill.schema;

import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** How a field's values look in a row: the table in this package's description, as an enum. */
enum Kind {
  BOOLEAN,
  INT,
  LONG,
  FLOAT,
  DOUBLE,
  STRING,
  ENUM,
  /** A UUID of 16 bytes; a textual one is a STRING. */
  UUID,
  BYTES,
  FIXED,
  DECIMAL,
  DATE,
  TIME_MILLIS,
  TIMESTAMP_MILLIS,
  TIMESTAMP_MICROS,
  LOCAL_TIMESTAMP_MILLIS,
  /** Of single values or records, each of which may be null. */
  ARRAY,
  /** Of the fields that {@link RecordFields} says. */
  RECORD,
  /** What a row can not hold: maps, unions of several types, arrays of arrays. Always null. */
  NESTED;

  /**
   * @param type not a union
   */
  static Kind of(Schema type) {
    LogicalType logical = type.getLogicalType();
    if (logical instanceof LogicalTypes.Decimal) {
      return DECIMAL;
    } else if (logical instanceof LogicalTypes.Date) {
      return DATE;
    } else if (logical instanceof LogicalTypes.TimeMillis) {
      return TIME_MILLIS;
    } else if (logical instanceof LogicalTypes.TimestampMillis) {
      return TIMESTAMP_MILLIS;
    } else if (logical instanceof LogicalTypes.TimestampMicros) {
      return TIMESTAMP_MICROS;
    } else if (logical instanceof LogicalTypes.LocalTimestampMillis) {
      return LOCAL_TIMESTAMP_MILLIS;
    } else if (logical != null
        && logical.getName().equals("uuid")
        && type.getType() == Schema.Type.FIXED) {
      return UUID;
    }
    return switch (type.getType()) {
      case BOOLEAN -> BOOLEAN;
      case INT -> INT;
      case LONG -> LONG;
      case FLOAT -> FLOAT;
      case DOUBLE -> DOUBLE;
      case STRING -> STRING;
      case ENUM -> ENUM;
      case BYTES -> BYTES;
      case FIXED -> FIXED;
      case ARRAY -> ofElements(type.getElementType());
      case RECORD -> RecordFields.of(type).isEmpty() ? NESTED : RECORD;
      case MAP, UNION, NULL -> NESTED;
    };
  }

  private static Kind ofElements(Schema element) {
    Kind kind = of(Column.withoutNull(element));
    return kind == NESTED || kind == ARRAY ? NESTED : ARRAY;
  }

  /** An int with a meaning: date and time of day. */
  boolean isIntLike() {
    return this == INT || this == DATE || this == TIME_MILLIS;
  }

  boolean isInstant() {
    return this == TIMESTAMP_MILLIS || this == TIMESTAMP_MICROS;
  }
}
