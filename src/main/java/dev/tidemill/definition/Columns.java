package dev.tidemill.definition;

import java.util.Arrays;
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

  /**
   * The same of a field that may be one of a record within the row: {@code customer.id}.
   *
   * @throws IllegalArgumentException if there is none, with what is meant perhaps
   */
  static Schema typeAt(Schema row, String path) {
    String[] names = path.split("\\.", -1);
    Schema type = type(row, names[0]).orElseThrow(() -> unknown(row, names[0]));
    for (int i = 1; i < names.length; i++) {
      String name = names[i];
      String outer = String.join(".", Arrays.copyOf(names, i));
      Schema record = type;
      if (record.getType() != Schema.Type.RECORD) {
        throw new IllegalArgumentException(
            "field '%s' is %s, and only a record has fields".formatted(outer, describe(record)));
      }
      if (RecursiveRecord.is(record)) {
        throw new IllegalArgumentException(
            "record '%s' contains itself, which a row can not hold".formatted(outer));
      }
      type =
          type(record, name)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "record '%s' has no field '%s'%s"
                              .formatted(
                                  outer, name, Nearest.hint(name, names(record), "it has"))));
    }
    return type;
  }

  private static IllegalArgumentException unknown(Schema row, String field) {
    String hint =
        names(row).stream()
            .filter(name -> isRecordWith(field, type(row, name).orElseThrow()))
            .findFirst()
            .map(record -> "; did you mean '" + record + "." + field + "'?")
            .orElseGet(() -> Nearest.hint(field, names(row), "it has"));
    return new IllegalArgumentException("the schema has no field '" + field + "'" + hint);
  }

  private static boolean isRecordWith(String field, Schema type) {
    return type.getType() == Schema.Type.RECORD
        && !RecursiveRecord.is(type)
        && type.getField(field) != null;
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
