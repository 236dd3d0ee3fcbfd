package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import dev.tidemill.definition.CsvDialect;
import dev.tidemill.definition.FileLayout;
import dev.tidemill.definition.Origin;
import dev.tidemill.schema.CsvColumns;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.JsonRowDecoder;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** Parsers of text by a source's format and schema. Thread-safe. */
final class TextParsers {
  private static final char REPLACEMENT = '\uFFFD';

  private final Origin.Format format;
  private final FileLayout layout;
  private final Schema schema;
  private final Mismatch mismatch;

  TextParsers(Origin.Format format, FileLayout layout, Schema schema, Mismatch mismatch) {
    this.format = format;
    this.layout = layout;
    this.schema = schema;
    this.mismatch = mismatch;
  }

  /**
   * @param file for messages
   * @param header the file's first row, if its format has a header; otherwise empty
   * @throws dev.tidemill.definition.Unavailable if the header lacks a column that the schema needs,
   *     and the source's policy is to stop
   */
  RowParser of(InputFile file, byte[] header) {
    RowParser parser = ofFormat(file, header);
    return layout.encoding().equals(UTF_8) ? parser : bytes -> parser.parse(understood(bytes));
  }

  /** What was not a character has become one that nobody writes. */
  private byte[] understood(byte[] bytes) throws DecodeException {
    int place = new String(bytes, UTF_8).indexOf(REPLACEMENT);
    if (place >= 0) {
      throw new DecodeException(
          "the text is not %s, at character %d of the row".formatted(layout.encoding(), place + 1));
    }
    return bytes;
  }

  private RowParser ofFormat(InputFile file, byte[] header) {
    return switch (format) {
      case CSV -> csv(file, header);
      case JSON -> new JsonRowDecoder(schema)::decode;
      default -> throw new IllegalArgumentException(format + " is no text");
    };
  }

  private RowParser csv(InputFile file, byte[] header) {
    CsvDialect dialect = layout.csv();
    CsvReader.CsvReaderBuilder reader =
        CsvReader.builder().fieldSeparator(dialect.delimiter()).quoteCharacter(dialect.quote());
    try {
      List<String> names =
          dialect.header()
              ? fields(reader, dialect, header)
              : schema.getFields().stream().map(Schema.Field::name).toList();
      CsvColumns columns = new CsvColumns(schema, names, dialect.nullText());
      return bytes -> columns.row(fields(reader, dialect, bytes));
    } catch (DecodeException e) {
      return mismatch.parser(file.path() + ":1", e.getMessage());
    }
  }

  private static List<String> fields(
      CsvReader.CsvReaderBuilder reader, CsvDialect dialect, byte[] bytes) throws DecodeException {
    String text = text(bytes);
    if (text.indexOf(dialect.quote()) < 0 && text.indexOf('\r') < 0 && !text.isEmpty()) {
      return split(text, dialect.delimiter());
    }
    try {
      return reader.ofSingleCsvRecord(text).getFields();
    } catch (CsvParseException e) {
      throw new DecodeException("not CSV: " + e.getMessage());
    }
  }

  /** Without quotes there is nothing to know of CSV; and a reader for each row is dear. */
  private static List<String> split(String text, char delimiter) {
    List<String> fields = new ArrayList<>();
    int start = 0;
    for (int end = text.indexOf(delimiter); end >= 0; end = text.indexOf(delimiter, start)) {
      fields.add(text.substring(start, end));
      start = end + 1;
    }
    fields.add(text.substring(start));
    return fields;
  }

  private static String text(byte[] bytes) throws DecodeException {
    String text = new String(bytes, UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) { // either written so, or put there for what is not UTF-8
      ByteBuffer in = ByteBuffer.wrap(bytes);
      if (UTF_8.newDecoder().decode(in, CharBuffer.allocate(bytes.length), true).isError()) {
        throw new DecodeException(
            "the text is not UTF-8, at byte %d of the row".formatted(in.position() + 1));
      }
    }
    return text;
  }
}
