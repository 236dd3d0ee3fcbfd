package dev.tidemill.schema;

import dev.tidemill.definition.RecursiveRecord;
import java.util.List;
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
    if (RecursiveRecord.is(record)) {
      return List.of();
    }
    return record.getFields().stream()
        .filter(field -> Kind.of(Column.withoutNull(field.schema())) != Kind.NESTED)
        .toList();
  }
}
