package dev.tidemill.schema;

import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/** Makes a row from texts, as a person types them. They look like the values of {@link JsonRow}. */
public final class TextRow {
  private TextRow() {}

  /**
   * @param schema a record schema
   * @param texts one for each field; empty for null
   * @throws DecodeException naming the field, what was expected and what was found
   */
  public static Object[] of(Schema schema, List<Optional<String>> texts) throws DecodeException {
    List<Column> columns = Column.of(schema);
    Object[] row = new Object[columns.size()];
    for (int i = 0; i < row.length; i++) {
      Column column = columns.get(i);
      if (texts.get(i).isPresent()) {
        row[i] = TextValue.of(column).parse(texts.get(i).get());
      } else if (!column.nullable()) {
        throw column.notNull();
      }
    }
    return row;
  }
}
