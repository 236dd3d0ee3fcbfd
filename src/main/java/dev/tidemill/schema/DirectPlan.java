package dev.tidemill.schema;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.Schema;

/**
 * Reads fields straight into the row: for a writer that has the reader's fields in the same form or
 * a narrower one, perhaps in another order, under an alias, with others between them, or without
 * some that have a default. That is nearly every writer; {@link ResolvingPlan} does the rest.
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
    return writer.getType() == Schema.Type.RECORD
        ? of(Column.of(writer), Column.of(reader), reader)
        : Optional.empty();
  }

  private static Optional<DirectPlan> of(
      List<Column> written, List<Column> columns, Schema reader) {
    Map<String, Column> wanted = new HashMap<>();
    Object[] defaults = new Object[columns.size()];
    Set<String> names = written.stream().map(Column::fieldName).collect(Collectors.toSet());
    for (Column column : columns) {
      if (column.kind() != Kind.NESTED) {
        if (wanted.put(writtenName(column, reader, names), column) != null) {
          return Optional.empty(); // one written field for two, by an alias
        }
      }
    }
    FieldReader[] readers = new FieldReader[written.size()];
    int[] targets = new int[written.size()];
    boolean[] nullable = new boolean[written.size()];
    for (Column from : written) {
      int i = from.index();
      Column to = wanted.remove(from.fieldName());
      if (to == null) {
        readers[i] = skip(from.field());
        targets[i] = NOWHERE;
        continue;
      }
      Optional<FieldReader> fieldReader = reader(from, to).or(() -> promoted(from, to));
      if (fieldReader.isEmpty()) {
        return Optional.empty();
      }
      readers[i] = fieldReader.get();
      targets[i] = to.index();
      nullable[i] = to.nullable();
    }
    for (Column missing : wanted.values()) {
      if (missing.fallback().isEmpty()) {
        return Optional.empty();
      }
      defaults[missing.index()] = missing.fallback().get().value();
    }
    return Optional.of(new DirectPlan(written, readers, targets, nullable, defaults));
  }

  /** The column's own name, or the first of its aliases that is written. */
  private static String writtenName(Column column, Schema reader, Set<String> names) {
    String own = column.fieldName();
    return names.contains(own)
        ? own
        : reader.getField(own).aliases().stream().filter(names::contains).findFirst().orElse(own);
  }

  private static FieldReader skip(Schema schema) {
    return in -> {
      SchemaSkipper.skip(schema, in);
      return null;
    };
  }

  /** The form is the writer's; the meaning is the reader's, unless both are instants. */
  private static Optional<FieldReader> reader(Column from, Column to) {
    // The writer's may also be one that a row could not hold whole, as one that contains itself.
    if (from.type().getType() == Schema.Type.ARRAY && to.kind() == Kind.ARRAY) {
      return reader(from.element(), to.element())
          .or(() -> promoted(from.element(), to.element()))
          .map(element -> FieldReader.of(from, FieldReader.array(element, to.element())));
    }
    if (from.type().getType() == Schema.Type.RECORD && to.kind() == Kind.RECORD) {
      return of(from.writtenFields(), to.fields(), to.type())
          .map(plan -> FieldReader.of(from, in -> Arrays.asList(plan.read(in))));
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
   * Numbers of a wider type. For elements of arrays Avro 1.12 counts with the size of the reader's
   * before it reads the writer's, and takes a good array for one that is cut off.
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
    if (wider == null) {
      return Optional.empty();
    }
    FieldReader reader = FieldReader.of(from);
    return Optional.of(
        in -> {
          Object value = reader.read(in);
          return value == null ? null : wider.apply((Number) value);
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
        throw written.get(i).said(e);
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
