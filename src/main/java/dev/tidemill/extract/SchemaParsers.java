package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.RelationDefinition;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.schema.CsvColumns;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.JsonRowDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import org.apache.avro.Schema;

/** Parsers by a source's format and schema. */
final class SchemaParsers implements RowParsers {
  private final Origin.Format format;
  private final Schema schema;

  SchemaParsers(Origin.Format format, Schema schema) {
    this.format = format;
    this.schema = schema;
  }

  static SchemaParsers of(RelationDefinition source, Origin.Files files) {
    return new SchemaParsers(files.format(), source.schema());
  }

  @Override
  public RowParser of(InputFile file, byte[] header) {
    return switch (format) {
      case CSV -> csv(file, header);
      case JSON -> new JsonRowDecoder(schema)::decode;
      default -> throw new IllegalArgumentException(format + " is for topics, not for files");
    };
  }

  private RowParser csv(InputFile file, byte[] header) {
    CsvReader.CsvReaderBuilder reader = CsvReader.builder();
    try {
      CsvColumns columns = new CsvColumns(schema, fields(reader, header));
      return bytes -> columns.row(fields(reader, bytes));
    } catch (DecodeException e) {
      throw new Unavailable(
          file.path() + ":1: " + e.getMessage() + "; correct the file, or the source's schema", e);
    }
  }

  private static List<String> fields(CsvReader.CsvReaderBuilder reader, byte[] bytes)
      throws DecodeException {
    try {
      return reader.ofSingleCsvRecord(text(bytes)).getFields();
    } catch (CsvParseException e) {
      throw new DecodeException("not CSV: " + e.getMessage());
    }
  }

  private static String text(byte[] bytes) throws DecodeException {
    String text = new String(bytes, UTF_8);
    if (text.indexOf('\uFFFD') >= 0) { // either written so, or put there for what is not UTF-8
      try {
        UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      } catch (CharacterCodingException e) {
        throw new DecodeException("the text is not UTF-8");
      }
    }
    return text;
  }
}
