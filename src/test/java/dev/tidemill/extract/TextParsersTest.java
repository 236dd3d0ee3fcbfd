package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import dev.tidemill.definition.FileLayout;
import dev.tidemill.definition.FilePolicies.OnMismatch;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.Origin.Format;
import dev.tidemill.definition.Publishing;
import dev.tidemill.schema.DecodeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextParsersTest {
  private static final Schema FLIGHT =
      SchemaBuilder.record("Flight")
          .fields()
          .requiredString("origin")
          .requiredInt("delay")
          .endRecord();

  @TempDir Path folder;

  private FileRows open(Format format, byte[] content) throws IOException {
    Path path = folder.resolve("flights");
    Files.write(path, content);
    return FileRows.of(
            new Origin.Files(path, format, FileLayout.PLAIN, Publishing.to(1), Optional.empty()),
            FLIGHT)
        .open(new InputFile(path, "flights", content.length, true), Place.START);
  }

  private Object[] first(Format format, String content) throws Exception {
    return first(format, content.getBytes(UTF_8));
  }

  private Object[] first(Format format, byte[] content) throws Exception {
    try (FileRows rows = open(format, content)) {
      return rows.next().orElseThrow().values();
    }
  }

  @Test
  void csv_columns_are_found_by_their_names() throws Exception {
    assertThat(first(Format.CSV, "delay,carrier,origin\n7,UA,LAS\n")).containsExactly("LAS", 7);
  }

  @Test
  void a_byte_order_mark_is_not_part_of_the_header() throws Exception {
    assertThat(first(Format.CSV, "\uFEFForigin,delay\nLAS,7\n")).containsExactly("LAS", 7);
  }

  @Test
  void a_byte_order_mark_is_not_part_of_the_first_json_object() throws Exception {
    assertThat(first(Format.JSON, "\uFEFF{\"origin\":\"LAS\",\"delay\":7}\n"))
        .containsExactly("LAS", 7);
  }

  @Test
  void a_line_of_json_is_a_row() throws Exception {
    assertThat(first(Format.JSON, "{\"origin\":\"LAS\",\"delay\":7}\n")).containsExactly("LAS", 7);
  }

  @Test
  void text_that_is_not_utf_8_is_not_guessed_at() {
    byte[] latin = "origin,delay\nZ\u00fcrich,7\n".getBytes(ISO_8859_1);
    assertThatThrownBy(() -> first(Format.CSV, latin))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("UTF-8");
  }

  @Test
  void an_empty_csv_file_has_no_rows() throws IOException {
    try (FileRows rows = open(Format.CSV, new byte[0])) {
      assertThat(rows.next()).isEmpty();
    }
  }

  /** Whether a row has quotes decides who cuts it. */
  @Test
  void a_row_is_what_a_reader_of_csv_makes_of_it() throws Exception {
    Schema schema =
        SchemaBuilder.record("Row")
            .fields()
            .requiredString("a")
            .requiredString("b")
            .requiredString("c")
            .endRecord();
    RowParser parser =
        new TextParsers(Format.CSV, FileLayout.PLAIN, schema, new Mismatch(OnMismatch.STOP))
            .of(new InputFile(folder, "rows", 0, true), "a,b,c".getBytes(UTF_8));
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      String text =
          random
              .ints(random.nextInt(1, 8), 0, 10)
              .mapToObj(c -> ",,,a#; \u00e9\r\"".substring(c, c + 1))
              .collect(Collectors.joining());
      assertThat(row(parser, text))
          .as(text)
          .isEqualTo(row(bytes -> byReader(new String(bytes, UTF_8)), text));
    }
  }

  private static Object[] byReader(String text) {
    try {
      Object[] fields = CsvReader.builder().ofSingleCsvRecord(text).getFields().toArray();
      return fields.length == 3 ? fields : new Object[0];
    } catch (CsvParseException e) {
      return new Object[0];
    }
  }

  /** Empty if it is refused. */
  private static List<Object> row(RowParser parser, String text) {
    try {
      return List.of(parser.parse(text.getBytes(UTF_8)));
    } catch (DecodeException e) {
      return List.of();
    }
  }
}
