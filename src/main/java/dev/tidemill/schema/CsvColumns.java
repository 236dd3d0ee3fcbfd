package dev.tidemill.schema;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * Puts the fields of CSV records into rows, by the names in the header. Empty text is null if the
 * field is nullable, else the schema's default, else an empty string if it is a string; if another
 * text stands for null, an empty one is just that in a string. Columns that the schema does not
 * have are ignored. Immutable and thread-safe.
 */
public final class CsvColumns {
  private static final int NOWHERE = -1;

  private final List<Column> columns;
  private final TextValue[] values;
  private final int[] targets;
  private final Object[] defaults;
  private final Optional<String> nullText;

  /**
   * @param header one name per column
   * @param nullText what stands for NULL; empty: an empty field does
   * @throws IllegalArgumentException if it is no record schema
   * @throws DecodeException if a name is there twice, or a field that has no default and is not
   *     nullable is missing
   */
  public CsvColumns(Schema schema, List<String> header, Optional<String> nullText)
      throws DecodeException {
    this.nullText = nullText;
    this.columns = Column.of(schema);
    this.values = columns.stream().map(TextValue::of).toArray(TextValue[]::new);
    this.targets = new int[header.size()];
    this.defaults = new Object[columns.size()];
    Map<String, Column> missing = new HashMap<>();
    columns.forEach(column -> missing.put(column.name(), column));
    Set<String> names = new HashSet<>();
    for (int i = 0; i < targets.length; i++) {
      String name = clean(header.get(i), i);
      Column column = missing.remove(name);
      if (!name.isEmpty() && !names.add(name)) {
        throw new DecodeException("column '" + name + "' is in the header twice");
      }
      targets[i] = column == null ? NOWHERE : column.index();
    }
    for (Column column : columns) {
      if (missing.containsKey(column.name())) {
        if (column.fallback().isEmpty()) {
          throw new DecodeException(
              "field '%s' is missing in the header, which has %s".formatted(column.name(), header));
        }
        defaults[column.index()] = column.fallback().get().value();
      }
    }
  }

  /** A byte order mark, as spreadsheets put it, is not part of the first name. */
  private static String clean(String name, int index) {
    return (index == 0 && name.startsWith("\uFEFF") ? name.substring(1) : name).strip();
  }

  /**
   * @param fields of one record, without quotes
   * @return a new row
   * @throws DecodeException naming the field, what was expected and what was found
   */
  public Object[] row(List<String> fields) throws DecodeException {
    if (fields.size() != targets.length) {
      throw new DecodeException(
          "%d fields are expected, found %d".formatted(targets.length, fields.size()));
    }
    Object[] row = defaults.clone();
    for (int i = 0; i < targets.length; i++) {
      int target = targets[i];
      if (target != NOWHERE) {
        row[target] = value(target, fields.get(i));
      }
    }
    return row;
  }

  private Object value(int target, String text) throws DecodeException {
    Column column = columns.get(target);
    if (nullText.isEmpty()) {
      return text.isEmpty() ? empty(column) : values[target].parse(text);
    }
    if (text.equals(nullText.get())) {
      return nothing(column);
    }
    if (text.isEmpty()) {
      return column.kind() == Kind.STRING ? "" : empty(column);
    }
    return values[target].parse(text);
  }

  private static Object nothing(Column column) throws DecodeException {
    if (column.kind() == Kind.STRING && !column.nullable() && column.fallback().isEmpty()) {
      throw column.notNull();
    }
    return empty(column);
  }

  private static Object empty(Column column) throws DecodeException {
    if (column.nullable() || column.kind() == Kind.NESTED) {
      return null;
    }
    if (column.fallback().isPresent()) {
      return column.fallback().get().value();
    }
    if (column.kind() == Kind.STRING) {
      return "";
    }
    throw new DecodeException(
        "field '%s' is empty, %s is expected".formatted(column.name(), TextValue.expected(column)));
  }
}
