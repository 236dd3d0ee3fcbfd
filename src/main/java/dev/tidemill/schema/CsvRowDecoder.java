package dev.tidemill.schema;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * Reads one line of CSV, its fields in the order of the schema's, as a row. Values are as {@link
 * CsvColumns} says. Not thread-safe: one per task.
 */
public final class CsvRowDecoder implements RowDecoder {
  private final CsvColumns columns;

  /**
   * @throws IllegalArgumentException if it is no record schema
   */
  public CsvRowDecoder(Schema schema) {
    List<String> header = Column.of(schema).stream().map(Column::name).toList();
    try {
      this.columns = new CsvColumns(schema, header, Optional.empty());
    } catch (DecodeException e) {
      throw new IllegalStateException("a schema has each of its own fields once", e);
    }
  }

  @Override
  public Object[] decode(byte[] bytes) throws DecodeException {
    if (bytes == null) {
      throw new DecodeException("the value is null");
    }
    return columns.row(fields(Utf8.text(bytes)));
  }

  private static List<String> fields(String line) throws DecodeException {
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder().skipEmptyLines(false).ofCsvRecord(line)) {
      Iterator<CsvRecord> records = reader.iterator();
      List<String> fields = records.hasNext() ? records.next().getFields() : List.of("");
      if (records.hasNext()) {
        throw new DecodeException("one line of CSV is expected, found more");
      }
      return fields;
    } catch (IOException | RuntimeException e) {
      throw new DecodeException("not CSV: " + e.getMessage());
    }
  }
}
