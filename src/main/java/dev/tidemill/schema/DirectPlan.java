package dev.tidemill.schema;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.Schema;

/**
 * Reads fields straight into the row: for a writer that has the reader's fields in the same form,
 * perhaps in another order, with others between them, or without some that have a default. That is
 * nearly every writer; {@link ResolvingPlan} does the rest.
 */
final class DirectPlan implements WriterPlan {
  private static final int NOWHERE = -1;

  private final List<Column> written;
  private final FieldReader[] readers;
  private final int[] targets;
  private final boolean[] nullable;
  private final Object[] defaults;

  private DirectPlan(
      List<Column> written,
      FieldReader[] readers,
      int[] targets,
      boolean[] nullable,
      Object[] defaults) {
    this.written = written;
    this.readers = readers;
    this.targets = targets;
    this.nullable = nullable;
    this.defaults = defaults;
  }

  /**
   * @return empty if a field needs more than reading
   */
  static Optional<DirectPlan> of(Schema writer, Schema reader) {
    if (writer.getType() != Schema.Type.RECORD) {
      return Optional.empty();
    }
    Map<String, Column> wanted = new HashMap<>();
    Object[] defaults = new Object[reader.getFields().size()];
    for (Column column : Column.of(reader)) {
      if (column.kind() != Kind.NESTED) {
        wanted.put(column.name(), column);
      }
    }
    List<Column> written = Column.of(writer);
    FieldReader[] readers = new FieldReader[written.size()];
    int[] targets = new int[written.size()];
    boolean[] nullable = new boolean[written.size()];
    for (Column from : written) {
      int i = from.index();
      Column to = wanted.remove(from.name());
      if (to == null) {
        readers[i] = skip(from.field());
        targets[i] = NOWHERE;
        continue;
      }
      Optional<FieldReader> fieldReader = reader(from, to);
      if (fieldReader.isEmpty()) {
        return Optional.empty();
      }
      readers[i] = fieldReader.get();
      targets[i] = to.index();
      nullable[i] = to.nullable();
    }
    for (Column missing : wanted.values()) {
      boolean hasAlias = !reader.getField(missing.name()).aliases().isEmpty();
      if (hasAlias || missing.fallback().isEmpty()) {
        return Optional.empty();
      }
      defaults[missing.index()] = missing.fallback().get().value();
    }
    return Optional.of(new DirectPlan(written, readers, targets, nullable, defaults));
  }

  private static FieldReader skip(Schema schema) {
    return in -> {
      SchemaSkipper.skip(schema, in);
      return null;
    };
  }

  /** The form is the writer's; the meaning is the reader's, unless both are instants. */
  private static Optional<FieldReader> reader(Column from, Column to) {
    if (from.kind() == Kind.ARRAY && to.kind() == Kind.ARRAY) {
      return reader(from.element(), to.element())
          .or(() -> promoted(from.element(), to.element()))
          .map(element -> FieldReader.of(from, FieldReader.array(element, to.element())));
    }
    boolean same =
        from.kind() == to.kind()
            && switch (to.kind()) {
              case ENUM -> to.type().getEnumSymbols().containsAll(from.type().getEnumSymbols());
              case FIXED -> to.type().getFixedSize() == from.type().getFixedSize();
              case DECIMAL -> to.scale() == from.scale() && to.precision() >= from.precision();
              default -> true;
            };
    return same || from.kind().isInstant() && to.kind().isInstant()
        ? Optional.of(FieldReader.of(from))
        : Optional.empty();
  }

  /**
   * Elements of a wider type. Avro 1.12 counts with the size of the reader's elements before it
   * reads the writer's, and takes a good array for one that is cut off.
   */
  private static Optional<FieldReader> promoted(Column from, Column to) {
    boolean whole = from.kind() == Kind.INT || from.kind() == Kind.LONG;
    Function<Number, Object> wider =
        switch (to.kind()) {
          case LONG -> from.kind() == Kind.INT ? Number::longValue : null;
          case FLOAT -> whole ? Number::floatValue : null;
          case DOUBLE -> whole || from.kind() == Kind.FLOAT ? Number::doubleValue : null;
          default -> null;
        };
    FieldReader reader = FieldReader.of(from);
    return Optional.ofNullable(wider)
        .map(
            promotion ->
                in -> {
                  Object value = reader.read(in);
                  return value == null ? null : promotion.apply((Number) value);
                });
  }

  @Override
  public Object[] read(AvroInput in) throws DecodeException {
    Object[] row = defaults.clone();
    for (int i = 0; i < readers.length; i++) {
      Object value;
      try {
        value = readers[i].read(in);
      } catch (DecodeException e) {
        throw new DecodeException("field '" + written.get(i).name() + "': " + e.getMessage());
      }
      int target = targets[i];
      if (target != NOWHERE) {
        if (value == null && !nullable[i]) {
          throw written.get(i).notNull();
        }
        row[target] = value;
      }
    }
    return row;
  }
}
