package dev.tidemill.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

/**
 * A field of a record schema, as a row sees it. Immutable.
 *
 * @param name that of the field; behind those of the records that it is in, as in {@code
 *     customer.city}
 * @param index in the schema and in the row; of a field in a record, in what a row holds of that
 * @param field the field's type as declared
 * @param type the field's type without {@code null}
 * @param nullBranch which branch of the field's union is {@code null}; -1 if it can not be null
 * @param fallback what a missing field counts as: the schema's default, or null if it is nullable;
 *     empty if it must not be missing
 */
record Column(
    String name,
    int index,
    Kind kind,
    Schema field,
    Schema type,
    int nullBranch,
    Optional<Fallback> fallback) {

  /**
   * @param value in the form of a row, may be null
   */
  record Fallback(Object value) {}

  /**
   * @throws IllegalArgumentException if it is not a record schema
   */
  static List<Column> of(Schema schema) {
    if (schema.getType() != Schema.Type.RECORD) {
      throw new IllegalArgumentException(
          "a row needs a record schema, this one is of type " + schema.getType().getName());
    }
    return of("", schema.getFields());
  }

  private static List<Column> of(String prefix, List<Schema.Field> fields) {
    List<Column> columns = new ArrayList<>(fields.size());
    for (Schema.Field field : fields) {
      Column bare = bare(prefix + field.name(), columns.size(), field.schema());
      columns.add(bare.with(fallback(field, bare)));
    }
    return List.copyOf(columns);
  }

  /** The record that it is, or its elements are; empty if a row holds none of it. */
  Optional<Schema> record() {
    return switch (kind) {
      case RECORD -> Optional.of(type);
      case ARRAY -> element().record();
      default -> Optional.empty();
    };
  }

  /** Of a {@link Kind#RECORD}: what a row holds of it. */
  List<Column> fields() {
    return of(name + ".", RecordFields.of(type));
  }

  /** Of a {@link Kind#RECORD}: all that are written. */
  List<Column> writtenFields() {
    return of(name + ".", type.getFields());
  }

  /** The field's own name, without those of the records that it is in. */
  String fieldName() {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static Column bare(String name, int index, Schema field) {
    Schema type = withoutNull(field);
    Integer branch = field.isUnion() ? field.getIndexNamed("null") : null;
    return new Column(
        name, index, Kind.of(type), field, type, branch == null ? -1 : branch, Optional.empty());
  }

  /** The other type of a union of one with {@code null}; otherwise the type as it is. */
  static Schema withoutNull(Schema type) {
    Integer branch = type.isUnion() ? type.getIndexNamed("null") : null;
    return branch == null || type.getTypes().size() != 2 ? type : type.getTypes().get(1 - branch);
  }

  /** What the elements of an {@link Kind#ARRAY} are, under the array's name. */
  Column element() {
    return bare(name, index, type.getElementType());
  }

  private static Optional<Fallback> fallback(Schema.Field field, Column bare) {
    if (bare.kind == Kind.NESTED) {
      return Optional.of(new Fallback(null));
    }
    if (!field.hasDefaultValue()) {
      return bare.nullable() ? Optional.of(new Fallback(null)) : Optional.empty();
    }
    try {
      Object value = GenericData.get().getDefaultValue(field);
      return Optional.of(new Fallback(GenericValues.toRow(bare, value)));
    } catch (DecodeException e) {
      throw new IllegalArgumentException("default of field '" + field.name() + "': " + e, e);
    }
  }

  private Column with(Optional<Fallback> other) {
    return new Column(name, index, kind, field, type, nullBranch, other);
  }

  /** The same field of another type, as somebody wrote it. */
  Column written(Schema other) {
    return new Column(name, index, Kind.of(other), field, other, nullBranch, fallback);
  }

  boolean nullable() {
    return nullBranch >= 0;
  }

  /** The same field, which may be null. */
  Column orNull() {
    return nullable()
        ? this
        : bare(name, index, Schema.createUnion(Schema.create(Schema.Type.NULL), type));
  }

  int precision() {
    return ((LogicalTypes.Decimal) type.getLogicalType()).getPrecision();
  }

  int scale() {
    return ((LogicalTypes.Decimal) type.getLogicalType()).getScale();
  }

  /** The type for people: {@code int}, {@code decimal(10,2)}, {@code timestamp-millis}. */
  String typeName() {
    if (kind == Kind.DECIMAL) {
      return "decimal(" + precision() + "," + scale() + ")";
    }
    if (kind == Kind.ARRAY) {
      return "array of " + element().typeName();
    }
    return type.getLogicalType() != null
        ? type.getLogicalType().getName()
        : type.getType().getName();
  }

  /** What {@link #fallback} says for a record that lacks this field. */
  Object missing() throws DecodeException {
    return fallback
        .orElseThrow(() -> new DecodeException("field '" + name + "' is missing"))
        .value();
  }

  /** The same with the name of the field, unless it is about a field of a record in it. */
  DecodeException said(DecodeException e) {
    boolean isInner = e.getMessage().startsWith("field '" + name + ".");
    return isInner ? e : new DecodeException("field '" + name + "': " + e.getMessage());
  }

  DecodeException elementNotNull() {
    return new DecodeException(
        "field '" + name + "': an element is null, and its schema does not allow that");
  }

  DecodeException notNull() {
    return new DecodeException("field '" + name + "' is null, and its schema does not allow that");
  }
}
