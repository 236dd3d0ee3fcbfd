package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.tidemill.definition.CsvDialect;
import dev.tidemill.definition.FileLayout;
import dev.tidemill.definition.FileLayout.Compression;
import dev.tidemill.definition.FilePolicies;
import dev.tidemill.definition.FilePolicies.OnMismatch;
import dev.tidemill.definition.FilePolicies.OnReplace;
import dev.tidemill.definition.Origin.Format;
import dev.tidemill.definition.Unavailable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileLayoutTest {
  private static final Schema CITY =
      SchemaBuilder.record("City")
          .fields()
          .requiredString("name")
          .optionalString("country")
          .requiredInt("size")
          .endRecord();
  private static final Charset WINDOWS = Charset.forName("windows-1252");

  @TempDir Path folder;

  private static FileLayout dialect(char delimiter, char quote, boolean header, String nullText) {
    return new FileLayout(
        Optional.empty(),
        UTF_8,
        new CsvDialect(delimiter, quote, header, Optional.ofNullable(nullText)));
  }

  private static FileLayout encoded(Charset encoding) {
    return new FileLayout(Optional.empty(), encoding, CsvDialect.RFC_4180);
  }

  private static FileLayout packed(Compression compression) {
    return new FileLayout(Optional.of(compression), UTF_8, CsvDialect.RFC_4180);
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(content);
    }
    return packed.toByteArray();
  }

  private static byte[] pack(Compression compression, byte[] content) throws IOException {
    return switch (compression) {
      case NONE -> content;
      case GZIP -> gzip(content);
      case ZSTD -> Zstd.compress(content);
    };
  }

  private InputFile file(String name, byte[] content) throws IOException {
    Path path = folder.resolve(name);
    Files.write(path, content);
    return new InputFile(path, name, content.length, true);
  }

  private static Read read(InputFile file, Place from, Format format, FileLayout layout)
      throws IOException {
    return Read.from(file, from, format, layout, CITY);
  }

  private static Read readAnywhere(InputFile file, Format format, FileLayout layout)
      throws IOException {
    return Read.anywhere(file, format, layout, CITY);
  }

  private List<String> csv(byte[] content, FileLayout layout) throws IOException {
    return readAnywhere(file("cities.csv", content), Format.CSV, layout).rows();
  }

  private List<String> json(String content) throws IOException {
    return readAnywhere(file("cities.json", content.getBytes(UTF_8)), Format.JSON, FileLayout.PLAIN)
        .rows();
  }

  private static final String CITIES =
      "name,country,size\nZürich,CH,1\n\"Bern,\n\"\"BE\"\"\",CH,2\r\nŁódź,,3\n";
  private static final List<String> READ =
      List.of("[Zürich, CH, 1]", "[Bern,\n\"BE\", CH, 2]", "[Łódź, null, 3]");

  @ParameterizedTest
  @EnumSource(Compression.class)
  void a_packed_file_is_read_as_what_is_in_it(Compression compression) throws IOException {
    byte[] content = pack(compression, CITIES.getBytes(UTF_8));
    assertThat(csv(content, packed(compression))).isEqualTo(READ);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cities.csv", "cities.csv.gz", "cities.zst", "cities.zstd"})
  void a_name_tells_how_a_file_is_packed(String name) throws IOException {
    Compression compression = FileLayout.PLAIN.compression(name);
    InputFile file = file(name, pack(compression, CITIES.getBytes(UTF_8)));
    assertThat(readAnywhere(file, Format.CSV, FileLayout.PLAIN).rows()).isEqualTo(READ);
  }

  @Test
  void members_of_gzip_are_one_file() throws IOException {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(gzip("name,country,size\nA,B,1\n".getBytes(UTF_8)));
    both.write(gzip("C,D,2\n".getBytes(UTF_8)));
    assertThat(csv(both.toByteArray(), packed(Compression.GZIP)))
        .containsExactly("[A, B, 1]", "[C, D, 2]");
  }

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"GZIP", "ZSTD"})
  void a_packed_file_that_is_half_written_is_said(Compression compression) throws IOException {
    byte[] whole = pack(compression, CITIES.repeat(100).getBytes(UTF_8));
    InputFile half = file("cities.csv", Arrays.copyOf(whole, whole.length - 5));
    assertThatThrownBy(() -> read(half, Place.START, Format.CSV, packed(compression)))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("cities.csv can not be unpacked")
        .hasMessageContaining("not written to its end");
  }

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"GZIP", "ZSTD"})
  void what_is_not_packed_so_is_said(Compression compression) throws IOException {
    InputFile plain = file("cities.csv", CITIES.getBytes(UTF_8));
    assertThatThrownBy(() -> read(plain, Place.START, Format.CSV, packed(compression)))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("'compression' is another one");
  }

  @Test
  void an_empty_file_is_empty_whatever_its_name_says() throws IOException {
    InputFile empty = file("cities.csv.gz", new byte[0]);
    assertThat(read(empty, Place.START, Format.CSV, FileLayout.PLAIN).rows()).isEmpty();
  }

  @Test
  void a_bomb_is_not_unpacked() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bomb)) {
      byte[] blank = (" ".repeat(800_000) + "\n").getBytes(UTF_8);
      for (int i = 0; i < 400; i++) {
        out.write(blank);
      }
    }
    InputFile file = file("bomb.json.gz", bomb.toByteArray());
    assertThatThrownBy(() -> read(file, Place.START, Format.JSON, FileLayout.PLAIN))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("decompression bomb");
  }

  @Test
  void text_in_other_encodings_is_the_same_text() throws IOException {
    assertThat(csv(CITIES.getBytes(UTF_16LE), encoded(UTF_16LE))).isEqualTo(READ);
    assertThat(csv(("\uFEFF" + CITIES).getBytes(UTF_16LE), encoded(UTF_16LE))).isEqualTo(READ);
    String western = "name,country,size\nZürich,€,1\n";
    assertThat(csv(western.getBytes(WINDOWS), encoded(WINDOWS))).containsExactly("[Zürich, €, 1]");
  }

  @Test
  void what_an_encoding_does_not_have_costs_its_row() throws IOException {
    byte[] content = "name,country,size\nA,B,1\n?,B,2\nC,D,3\n".getBytes(WINDOWS);
    content[new String(content, WINDOWS).indexOf('?')] = (byte) 0x81;
    assertThat(csv(content, encoded(WINDOWS)))
        .containsExactly(
            "[A, B, 1]", "the text is not windows-1252, at character 1 of the row", "[C, D, 3]");
  }

  @Test
  void delimiters_and_quotes_are_as_the_dialect_says() throws IOException {
    byte[] content = "name;country;size\n'A;\n''x\"';B,C;1\n".getBytes(UTF_8);
    assertThat(csv(content, dialect(';', '\'', true, null))).containsExactly("[A;\n'x\", B,C, 1]");
  }

  @Test
  void without_a_header_columns_are_those_of_the_schema() throws IOException {
    byte[] content = "A\tB\t1\nC\t\t2\n".getBytes(UTF_8);
    assertThat(csv(content, dialect('\t', '"', false, null)))
        .containsExactly("[A, B, 1]", "[C, null, 2]");
  }

  @Test
  void a_text_can_stand_for_null() throws IOException {
    byte[] content = "name,country,size\nA,NA,1\n,,2\nNA,B,3\n".getBytes(UTF_8);
    assertThat(csv(content, dialect(',', '"', true, "NA")))
        .containsExactly(
            "[A, null, 1]", "[, , 2]", "field 'name' is null, and its schema does not allow that");
  }

  @Test
  void an_array_of_json_has_a_row_for_each_element() throws IOException {
    assertThat(
            json(
                """
                [ {"name": "A]},", "size": 1, "tags": [1, {"x": "\\"["}]},
                  {"name": "B", "size":
                     2}
                ,{"name":"C","country":null,"size":3}]
                """))
        .containsExactly("[A]},, null, 1]", "[B, null, 2]", "[C, null, 3]");
    assertThat(json("[]")).isEmpty();
    assertThat(json("\uFEFF \n[{\"name\":\"A\",\"size\":1}]")).containsExactly("[A, null, 1]");
  }

  @Test
  void an_element_that_is_none_costs_itself() throws IOException {
    assertThat(json("[{\"name\":\"A\",\"size\":1}, 7, }x, {\"name\":\"B\",\"size\":2}]"))
        .satisfiesExactly(
            row -> assertThat(row).isEqualTo("[A, null, 1]"),
            row -> assertThat(row).contains("a JSON object is expected, found the number 7"),
            row -> assertThat(row).contains("not JSON"),
            row -> assertThat(row).isEqualTo("[B, null, 2]"));
  }

  @Test
  void an_array_that_ends_in_an_element_says_so() throws IOException {
    assertThat(json("[{\"name\":\"A\",\"size\":1}, {\"name\":\"B"))
        .containsExactly(
            "[A, null, 1]", "the file ends within this element: a bracket or a quote is open");
  }

  @Test
  void an_element_that_is_too_long_costs_itself() throws IOException {
    String longName = "x".repeat(2 * RowSplitter.MAX_ROW_BYTES + 10);
    String content = "[{\"name\":\"" + longName + "\",\"size\":1},{\"name\":\"B\",\"size\":2}]";
    Read read =
        readAnywhere(file("cities.json", content.getBytes(UTF_8)), Format.JSON, FileLayout.PLAIN);
    assertThat(read.rows())
        .satisfiesExactly(
            row -> assertThat(row).startsWith("the row has 1800030 bytes"),
            row -> assertThat(row).isEqualTo("[B, null, 2]"));
    assertThat(read.raw().get(0).raw()).hasSize(RowSplitter.MAX_ROW_BYTES);
  }

  @Test
  void what_is_still_written_ends_with_its_last_whole_row() throws IOException {
    InputFile csv = growing("cities.csv", "name,country,size\nA,B,1\nC,D,2");
    assertThat(read(csv, Place.START, Format.CSV, FileLayout.PLAIN).rows())
        .containsExactly("[A, B, 1]");
    InputFile json = growing("cities.json", "[{\"name\":\"A\",\"size\":1},\n{\"name\":\"B");
    assertThat(read(json, Place.START, Format.JSON, FileLayout.PLAIN).rows())
        .containsExactly("[A, null, 1]");
  }

  private InputFile growing(String name, String content) throws IOException {
    InputFile file = file(name, content.getBytes(UTF_8));
    return new InputFile(file.path(), file.name(), file.bytes(), false);
  }

  @Test
  void a_place_says_the_line_of_its_element() throws IOException {
    InputFile file = file("cities.json", "[\n{\"a\":\n1}\n,{}]".getBytes(UTF_8));
    assertThat(read(file, Place.START, Format.JSON, FileLayout.PLAIN).raw())
        .extracting(row -> row.place().line())
        .containsExactly(2L, 4L);
  }

  @Test
  void bytes_that_are_no_text_cost_their_row() throws IOException {
    byte[] content = "name,country,size\nA,B,1\nAB?,B,2\nC,D,3\n".getBytes(UTF_8);
    content[new String(content, UTF_8).indexOf('?')] = (byte) 0xFC;
    assertThat(csv(content, FileLayout.PLAIN))
        .containsExactly("[A, B, 1]", "the text is not UTF-8, at byte 3 of the row", "[C, D, 3]");
  }

  @Test
  void a_column_that_has_vanished_stops_or_costs_each_row() throws IOException {
    InputFile file = file("cities.csv", "name,country\nA,B\nC,D\n".getBytes(UTF_8));
    assertThatThrownBy(() -> read(file, Place.START, Format.CSV, FileLayout.PLAIN))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("cities.csv:1: field 'size' is missing in the header")
        .hasMessageContaining("on-mismatch: reject");
    Read rejects =
        Read.from(
            file,
            Place.START,
            Format.CSV,
            FileLayout.PLAIN,
            CITY,
            new FilePolicies(OnReplace.STOP, OnMismatch.REJECT));
    assertThat(rejects.rows())
        .hasSize(2)
        .allSatisfy(row -> assertThat(row).startsWith("field 'size' is missing in the header"));
    assertThat(rejects.raw())
        .extracting(row -> new String(row.raw(), UTF_8))
        .containsExactly("A,B", "C,D");
  }
}
