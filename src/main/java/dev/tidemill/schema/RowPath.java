package dev.tidemill.schema;

import java.util.List;
import org.apache.avro.Schema;

/**
 * A field of a row, or of a record within it, that is named by its path: {@code customer.id}.
 * Immutable and thread-safe.
 */
public final class RowPath {
  private final int[] places;
  private final Column column;

  private RowPath(int[] places, Column column) {
    this.places = places;
    this.column = column;
  }

  /**
   * @param path names of fields from the outermost, with dots between
   * @throws IllegalArgumentException if a row of the schema holds no such field
   */
  public static RowPath of(Schema schema, String path) {
    String[] names = path.split("\\.", -1);
    int[] places = new int[names.length];
    List<Column> columns = Column.of(schema);
    Column column = null;
    boolean optional = false;
    for (int i = 0; i < names.length; i++) {
      String name = names[i];
      column =
          columns.stream()
              .filter(candidate -> candidate.fieldName().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "'%s' is not a field of schema '%s'"
                              .formatted(path, schema.getFullName())));
      places[i] = column.index();
      optional |= column.nullable();
      columns = column.kind() == Kind.RECORD ? column.fields() : List.of();
    }
    return new RowPath(places, optional ? column.orNull() : column);
  }

  /** The field's value; null, too, if there is no record that could have it. */
  public Object of(Object[] row) {
    Object value = row[places[0]];
    for (int i = 1; i < places.length && value != null; i++) {
      value = ((List<?>) value).get(places[i]);
    }
    return value;
  }

  /** The field; nullable if its value can be null for whatever reason. */
  Column column() {
    return column;
  }
}
