package dev.tidemill.schema;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Debezium's own types of time. Its converters write them as plain numbers, and their meaning as a
 * property that only Kafka Connect knows.
 */
final class ConnectTypes {
  private static final String NAME = "connect.name";

  private ConnectTypes() {}

  /** The same record, in which its fields' times are Avro's. */
  static Schema withLogicalTypes(Schema record) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : record.getFields()) {
      // Defaults are for readers; this is a writer's schema.
      fields.add(new Schema.Field(field.name(), withLogicalType(field.schema())));
    }
    return Schema.createRecord(
        record.getName(), record.getDoc(), record.getNamespace(), false, fields);
  }

  private static Schema withLogicalType(Schema type) {
    if (type.isUnion()) {
      return Schema.createUnion(
          type.getTypes().stream().map(ConnectTypes::withLogicalType).toList());
    }
    if (type.getType() == Schema.Type.ARRAY) {
      return Schema.createArray(withLogicalType(type.getElementType()));
    }
    LogicalType logical = logical(type.getProp(NAME));
    if (logical == null || type.getLogicalType() != null) {
      return type;
    }
    try {
      return logical.addToSchema(Schema.create(type.getType()));
    } catch (IllegalArgumentException e) { // the name is on a type that can not be such a time
      return type;
    }
  }

  private static LogicalType logical(String connectName) {
    if (connectName == null) {
      return null;
    }
    return switch (connectName) {
      case "io.debezium.time.Date" -> LogicalTypes.date();
      case "io.debezium.time.Time" -> LogicalTypes.timeMillis();
      case "io.debezium.time.MicroTime" -> LogicalTypes.timeMicros();
      case "io.debezium.time.Timestamp" -> LogicalTypes.timestampMillis();
      case "io.debezium.time.MicroTimestamp" -> LogicalTypes.timestampMicros();
      case "io.debezium.time.NanoTimestamp" -> LogicalTypes.timestampNanos();
      default -> null;
    };
  }
}
