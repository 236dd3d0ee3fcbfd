package dev.tidemill.definition;

import java.util.List;
import java.util.Optional;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** What the fields of a source's schema can be used for. */
final class Columns {
  private Columns() {}

  /** How a field tells a time. */
  enum Time {
    /** A moment, whatever the zone. */
    INSTANT,
    /** A date or a local time: needs a zone. */
    LOCAL,
    /** A text, with a format. */
    TEXT,
    NONE
  }

  static List<String> names(Schema record) {
    return record.getFields().stream().map(Schema.Field::name).toList();
  }

  /** The field's type without a possible null. */
  static Optional<Schema> type(Schema record, String field) {
    return Optional.ofNullable(record.getField(field)).map(f -> withoutNull(f.schema()));
  }

  /** Whether a field of this type has columns of its own, or more than one type. */
  static boolean isNested(Schema type) {
    return switch (type.getType()) {
      case RECORD, ARRAY, MAP, UNION, NULL -> true;
      default -> false;
    };
  }

  static Time time(Schema type) {
    if (type.getLogicalType() instanceof LogicalTypes.Date
        || type.getLogicalType() instanceof LogicalTypes.LocalTimestampMillis) {
      return Time.LOCAL;
    }
    if (type.getLogicalType() instanceof LogicalTypes.TimestampMillis
        || type.getLogicalType() instanceof LogicalTypes.TimestampMicros) {
      return Time.INSTANT;
    }
    if (type.getLogicalType() != null) {
      return Time.NONE;
    }
    return switch (type.getType()) {
      case LONG -> Time.INSTANT;
      case STRING -> Time.TEXT;
      default -> Time.NONE;
    };
  }

  /** For messages: {@code array}, {@code int (time-millis)}. */
  static String describe(Schema type) {
    String name = type.getType().getName();
    return type.getLogicalType() == null
        ? name
        : name + " (" + type.getLogicalType().getName() + ")";
  }

  private static Schema withoutNull(Schema type) {
    if (type.getType() != Schema.Type.UNION) {
      return type;
    }
    List<Schema> others =
        type.getTypes().stream().filter(t -> t.getType() != Schema.Type.NULL).toList();
    return others.size() == 1 ? others.get(0) : type;
  }
}
