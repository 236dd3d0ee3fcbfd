package dev.tidemill.schema;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Puts values that have a type already into rows, by the names of their columns: numbers, text,
 * {@code byte[]}, UUID, the classes of {@code java.time}, lists, and maps by the names of a
 * record's fields. Numbers are never rounded to fit an integer or a decimal; a local time is that
 * of UTC, and an instant is the local time of UTC. Columns that the schema does not have are not
 * asked for. Immutable and thread-safe.
 */
public final class TypedColumns {
  private final List<Column> columns;
  private final List<Column> wanted = new ArrayList<>();
  private final TypedValue[] values;
  private final Object[] defaults;

  /**
   * @param names of the columns that there are
   * @throws IllegalArgumentException if it is no record schema
   * @throws DecodeException if a field that has no default and is not nullable is missing
   */
  public TypedColumns(Schema schema, Collection<String> names) throws DecodeException {
    this.columns = Column.of(schema);
    this.defaults = new Object[columns.size()];
    for (Column column : columns) {
      if (names.contains(column.name()) && column.kind() != Kind.NESTED) {
        wanted.add(column);
      } else if (column.fallback().isPresent()) {
        defaults[column.index()] = column.fallback().get().value();
      } else {
        throw new DecodeException(
            "field '%s' is missing; there are %s".formatted(column.name(), names));
      }
    }
    this.values = wanted.stream().map(TypedValue::of).toArray(TypedValue[]::new);
  }

  /** The columns whose values make a row, in the order in which {@link #row} wants them. */
  public List<String> names() {
    return wanted.stream().map(Column::name).toList();
  }

  /**
   * @param written one for each of {@link #names()}; null for NULL
   * @return a new row
   * @throws DecodeException naming the field, what was expected and what was found
   */
  public Object[] row(List<?> written) throws DecodeException {
    Object[] row = defaults.clone();
    for (int i = 0; i < values.length; i++) {
      Column column = wanted.get(i);
      Object value = written.get(i);
      row[column.index()] = value == null ? nothing(column) : values[i].convert(value);
    }
    return row;
  }

  static Object nothing(Column column) throws DecodeException {
    if (!column.nullable()) {
      throw column.notNull();
    }
    return null;
  }
}
