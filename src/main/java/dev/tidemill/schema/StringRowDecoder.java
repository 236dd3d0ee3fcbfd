package dev.tidemill.schema;

import org.apache.avro.Schema;

/** Takes the whole value as the one column that there is. Thread-safe. */
public final class StringRowDecoder implements RowDecoder {

  /**
   * @throws IllegalArgumentException if the schema is not a record of one string
   */
  public StringRowDecoder(Schema schema) {
    var columns = Column.of(schema);
    if (columns.size() != 1 || columns.get(0).kind() != Kind.STRING) {
      throw new IllegalArgumentException(
          "schema '%s' is not one string field".formatted(schema.getFullName()));
    }
  }

  @Override
  public Object[] decode(byte[] bytes) throws DecodeException {
    if (bytes == null) {
      throw new DecodeException("the value is null");
    }
    return new Object[] {Utf8.text(bytes)};
  }
}
