package dev.tidemill.schema;

import java.util.List;
import org.apache.avro.Schema;

/**
 * Turns a row into Avro in Confluent's wire format. Not thread-safe: one per thread; its buffer is
 * used again, what it returns is not.
 */
public final class RowEncoder {
  private final List<Column> columns;
  private final FieldWriter[] writers;
  private final byte[] header;
  private final AvroOutput out = new AvroOutput();

  /**
   * @param id the schema's id in the registry
   * @throws IllegalArgumentException if it is no record schema, or has a field that a row can never
   *     fill: a nested one that is not nullable
   */
  public RowEncoder(Schema schema, int id) {
    this.columns = Column.of(schema);
    this.writers = columns.stream().map(FieldWriter::of).toArray(FieldWriter[]::new);
    this.header = WireFormat.header(id);
  }

  /** Registers the schema under {@code subject} and encodes with the id that it got. */
  public static RowEncoder register(Registry registry, String subject, Schema schema) {
    return new RowEncoder(schema, registry.register(subject, schema));
  }

  /**
   * @param row one value per field, as this package describes
   * @throws IllegalArgumentException if a value is not of its field's type: a defect of the caller,
   *     not of the data; names field and reason
   */
  public byte[] encode(Object[] row) {
    if (row.length != writers.length) {
      throw new IllegalArgumentException(
          "a row of " + row.length + " values for " + writers.length + " fields");
    }
    out.reset();
    out.writeFixed(header);
    for (int i = 0; i < writers.length; i++) {
      try {
        writers[i].write(row[i], out);
      } catch (IllegalArgumentException | ClassCastException e) {
        Column column = columns.get(i);
        throw new IllegalArgumentException(
            "field '%s' of type %s: %s".formatted(column.name(), column.typeName(), e.getMessage()),
            e);
      }
    }
    return out.toByteArray();
  }
}
