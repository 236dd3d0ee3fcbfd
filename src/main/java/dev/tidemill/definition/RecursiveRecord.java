package dev.tidemill.definition;

import java.util.HashSet;
import java.util.Set;
import org.apache.avro.Schema;

/** Records that contain themselves, at whatever depth: a row has no end of them. */
public final class RecursiveRecord {
  private RecursiveRecord() {}

  /**
   * @param record a record schema
   */
  public static boolean is(Schema record) {
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
