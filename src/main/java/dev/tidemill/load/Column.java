package dev.tidemill.load;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * A column of a table.
 *
 * @param precision decimal digits of a {@link ColumnKind#DECIMAL}, otherwise 0
 * @param scale of those, digits behind the point
 * @param field index in a result row; -1 if the value does not come from there
 */
record Column(String name, ColumnKind kind, int precision, int scale, boolean nullable, int field) {

  Column {
    requireNonNull(name, "name");
    requireNonNull(kind, "kind");
  }

  /** A column of our own: never null, not part of a result row. */
  static Column own(String name, ColumnKind kind) {
    return new Column(name, kind, 0, 0, false, -1);
  }

  static Column of(Schema.Field field) {
    Schema type = field.schema();
    boolean nullable = false;
    if (type.getType() == Schema.Type.UNION) {
      nullable = true;
      type = onlyType(field);
    }
    ColumnKind kind = ColumnKind.of(type);
    if (type.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      return new Column(
          field.name(), kind, decimal.getPrecision(), decimal.getScale(), nullable, field.pos());
    }
    return new Column(field.name(), kind, 0, 0, nullable, field.pos());
  }

  private static Schema onlyType(Schema.Field field) {
    List<Schema> types =
        field.schema().getTypes().stream().filter(t -> t.getType() != Schema.Type.NULL).toList();
    if (types.size() != 1 || field.schema().getTypes().size() != 2) {
      throw new IllegalArgumentException(
          "column " + field.name() + ": only a union of null and one type is a column");
    }
    return types.get(0);
  }
}
