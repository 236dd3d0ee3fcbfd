package dev.tidemill.load;

import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * The kinds of columns that a result has: the type map from Avro, in one place. Each dialect spells
 * them in its own SQL. Java values are those of {@code dev.tidemill.schema}.
 */
enum ColumnKind {
  BOOLEAN,
  INTEGER,
  BIGINT,
  REAL,
  DOUBLE,
  TEXT,
  BYTES,
  DECIMAL,
  DATE,
  TIME,
  TIMESTAMP,
  /** Of values of another kind, or null. */
  ARRAY;

  private static final Set<String> TIMESTAMPS =
      Set.of("timestamp-millis", "timestamp-micros", "local-timestamp-millis");

  /**
   * @param type not a union
   * @throws IllegalArgumentException if no column can hold it
   */
  static ColumnKind of(Schema type) {
    LogicalType logical = type.getLogicalType();
    if (logical instanceof LogicalTypes.Decimal) {
      return DECIMAL;
    }
    String name = logical == null ? "" : logical.getName();
    return switch (type.getType()) {
      case BOOLEAN -> BOOLEAN;
      case INT -> name.equals("date") ? DATE : name.equals("time-millis") ? TIME : INTEGER;
      case LONG -> TIMESTAMPS.contains(name) ? TIMESTAMP : BIGINT;
      case FLOAT -> REAL;
      case DOUBLE -> DOUBLE;
      case STRING, ENUM -> TEXT;
      case BYTES -> BYTES;
      case FIXED -> name.equals("uuid") ? TEXT : BYTES;
      case ARRAY -> ARRAY;
      default -> throw new IllegalArgumentException("no column can hold " + type);
    };
  }
}
