package dev.tidemill.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;

/**
 * The reader's schema as a row needs it: without fields that a row can not hold, and with null as
 * the default of every nullable field that has none.
 */
final class Projection {
  private Projection() {}

  /**
   * For Avro's resolution of what {@code writer} wrote. It goes by the names of records within
   * unions and does not convert units of time, so both are the writer's.
   */
  static Schema of(Schema reader, Schema writer) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Column column : Column.of(reader)) {
      if (column.kind() != Kind.NESTED) {
        Schema.Field field = reader.getField(column.name());
        Schema.Field from = Compatibility.written(writer, field);
        Schema type = from == null ? field.schema() : like(from.schema(), field.schema());
        fields.add(copy(field, type));
      }
    }
    return Schema.createRecord(
        writer.getName(), reader.getDoc(), writer.getNamespace(), false, fields);
  }

  /** Only what {@code fields} takes, as it is declared. */
  static Schema of(Schema reader, Predicate<Column> fields) {
    List<Schema.Field> copies =
        Column.of(reader).stream()
            .filter(column -> column.kind() != Kind.NESTED && fields.test(column))
            .map(column -> reader.getField(column.name()))
            .map(field -> copy(field, field.schema()))
            .toList();
    return Schema.createRecord(
        reader.getName(), reader.getDoc(), reader.getNamespace(), false, copies);
  }

  private static Schema.Field copy(Schema.Field field, Schema type) {
    Schema bare = Column.withoutNull(type);
    Schema.Field copy =
        bare != type && !field.hasDefaultValue()
            ? new Schema.Field(
                field.name(),
                Schema.createUnion(Schema.create(Schema.Type.NULL), bare),
                field.doc(),
                JsonProperties.NULL_VALUE)
            : new Schema.Field(field, type);
    if (copy.aliases().isEmpty()) {
      field.aliases().forEach(copy::addAlias);
    }
    return copy;
  }

  private static Schema like(Schema written, Schema wanted) {
    Schema from = Column.withoutNull(written);
    Schema to = Column.withoutNull(wanted);
    Schema like = to;
    if (from.getType() == Schema.Type.RECORD && Kind.of(to) == Kind.RECORD) {
      like = of(to, from);
    } else if (from.getType() == Schema.Type.ARRAY && to.getType() == Schema.Type.ARRAY) {
      like = Schema.createArray(like(from.getElementType(), to.getElementType()));
    } else if (Kind.of(from).isInstant() && Kind.of(to).isInstant()) {
      like = from;
    }
    Schema other = like;
    return to == wanted
        ? like
        : Schema.createUnion(wanted.getTypes().stream().map(t -> t == to ? other : t).toList());
  }
}
