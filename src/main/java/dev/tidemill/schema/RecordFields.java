package dev.tidemill.schema;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;

/** What a row holds of a record within a record: a list with the values of these fields. */
public final class RecordFields {
  private RecordFields() {}

  /**
   * @param record a record schema
   * @return its fields, in their order, without those that a row can not hold: maps, unions of
   *     several types, arrays of arrays, records that contain themselves; empty if it is none that
   *     a row can hold
   */
  public static List<Schema.Field> of(Schema record) {
    if (containsItself(record)) {
      return List.of();
    }
    return record.getFields().stream()
        .filter(field -> Kind.of(Column.withoutNull(field.schema())) != Kind.NESTED)
        .toList();
  }

  private static boolean containsItself(Schema record) {
    Set<String> seen = new HashSet<>();
    return record.getFields().stream().anyMatch(field -> reaches(field.schema(), record, seen));
  }

  private static boolean reaches(Schema from, Schema record, Set<String> seen) {
    return switch (from.getType()) {
      case RECORD ->
          from.getFullName().equals(record.getFullName())
              || seen.add(from.getFullName())
                  && from.getFields().stream().anyMatch(f -> reaches(f.schema(), record, seen));
      case ARRAY -> reaches(from.getElementType(), record, seen);
      case MAP -> reaches(from.getValueType(), record, seen);
      case UNION -> from.getTypes().stream().anyMatch(type -> reaches(type, record, seen));
      default -> false;
    };
  }
}
