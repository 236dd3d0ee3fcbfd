package dev.tidemill.load;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * A column of a table.
 *
 * @param precision decimal digits of a {@link ColumnKind#DECIMAL}, otherwise 0
 * @param scale of those, digits behind the point
 * @param element what the elements of an {@link ColumnKind#ARRAY} are, otherwise empty
 * @param field index in a result row; -1 if the value does not come from there
 */
record Column(
    String name,
    ColumnKind kind,
    int precision,
    int scale,
    Optional<Column> element,
    boolean nullable,
    int field) {

  Column {
    requireNonNull(name, "name");
    requireNonNull(kind, "kind");
    if (element.isPresent() != (kind == ColumnKind.ARRAY)) {
      throw new IllegalArgumentException("column " + name + ": only an array has elements");
    }
  }

  /** A column of our own: never null, not part of a result row. */
  static Column own(String name, ColumnKind kind) {
    return new Column(name, kind, 0, 0, Optional.empty(), false, -1);
  }

  static Column of(Schema.Field field) {
    return of(field.name(), field.schema(), field.pos());
  }

  private static Column of(String name, Schema schema, int position) {
    boolean nullable = schema.getType() == Schema.Type.UNION;
    Schema type = nullable ? onlyType(name, schema) : schema;
    ColumnKind kind = ColumnKind.of(type);
    Optional<Column> element =
        kind == ColumnKind.ARRAY
            ? Optional.of(of(name, type.getElementType(), position))
            : Optional.empty();
    if (element.filter(e -> e.kind() == ColumnKind.ARRAY).isPresent()) {
      throw new IllegalArgumentException(
          "column " + name + ": no column can hold arrays of arrays");
    }
    return type.getLogicalType() instanceof LogicalTypes.Decimal decimal
        ? new Column(
            name, kind, decimal.getPrecision(), decimal.getScale(), element, nullable, position)
        : new Column(name, kind, 0, 0, element, nullable, position);
  }

  private static Schema onlyType(String name, Schema union) {
    List<Schema> types =
        union.getTypes().stream().filter(t -> t.getType() != Schema.Type.NULL).toList();
    if (types.size() != 1 || union.getTypes().size() != 2) {
      throw new IllegalArgumentException(
          "column " + name + ": only a union of null and one type is a column");
    }
    return types.get(0);
  }
}
