package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.definition.FileLayout;
import dev.tidemill.definition.FilePolicies;
import dev.tidemill.definition.FilePolicies.OnMismatch;
import dev.tidemill.definition.FilePolicies.OnReplace;
import dev.tidemill.definition.Origin.Format;
import dev.tidemill.definition.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetRowsTest {
  private static final Schema CITY =
      SchemaBuilder.record("City").fields().requiredString("name").requiredInt("size").endRecord();

  @TempDir Path folder;

  private InputFile file(String name, String select, String options) throws Exception {
    Path path = folder.resolve(name);
    try (Connection duck = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
        Statement statement = duck.createStatement()) {
      statement.execute(
          "COPY (%s) TO '%s' (FORMAT parquet %s)"
              .formatted(select, path.toString().replace("'", "''"), options));
    }
    return new InputFile(path, name, Files.size(path), true);
  }

  private InputFile file(String select) throws Exception {
    return file("cities.parquet", select, "");
  }

  private static Read read(InputFile file, Place from, Schema schema) throws IOException {
    return Read.from(file, from, Format.PARQUET, FileLayout.PLAIN, schema);
  }

  private static Read read(InputFile file, Schema schema) throws IOException {
    return read(file, Place.START, schema);
  }

  private static Schema schema(String fields) {
    return new Schema.Parser()
        .parse("{'type':'record','name':'Row','fields':[%s]}".formatted(fields).replace('\'', '"'));
  }

  private static Schema of(String type) {
    return schema("{'name':'x','type':" + type + "}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"uncompressed", "snappy", "gzip", "zstd", "lz4", "brotli"})
  void a_file_is_read_whatever_its_codec(String codec) throws Exception {
    InputFile file =
        file(
            "cities.parquet",
            "SELECT i::INT AS size, 'city ' || i AS name FROM range(0, 30) x(i)",
            ", CODEC " + codec);
    assertThat(Read.anywhere(file, Format.PARQUET, FileLayout.PLAIN, CITY).rows())
        .isEqualTo(IntStream.range(0, 30).mapToObj(i -> "[city " + i + ", " + i + "]").toList());
  }

  @Test
  void reading_goes_on_in_any_row_group() throws Exception {
    int rows = 10_000;
    InputFile file =
        file(
            "cities.parquet",
            "SELECT i::INT AS size, 'city ' || i AS name FROM range(0, %d) x(i)".formatted(rows),
            ", ROW_GROUP_SIZE 2048");
    for (int from : new int[] {0, 1, 2047, 2048, 2049, 5000, rows - 1, rows}) {
      Read rest = read(file, new Place(from, from + 1), CITY);
      assertThat(rest.rows())
          .isEqualTo(
              IntStream.range(from, rows).mapToObj(i -> "[city " + i + ", " + i + "]").toList());
      assertThat(rest.raw())
          .extracting(row -> row.place().line())
          .isEqualTo(IntStream.range(from, rows).mapToObj(i -> i + 1L).toList());
    }
  }

  @Test
  void a_file_without_rows_has_none() throws Exception {
    assertThat(read(file("SELECT 1 AS size, 'x' AS name LIMIT 0"), CITY).rows()).isEmpty();
  }

  @Test
  void a_name_is_no_pattern() throws Exception {
    file("c1.parquet", "SELECT 1 AS size, 'other' AS name", "");
    InputFile file = file("c[1]*'?.parquet", "SELECT 1 AS size, 'this' AS name", "");
    assertThat(read(file, CITY).rows()).containsExactly("[this, 1]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "true | 'boolean' | true",
        "7::UTINYINT | 'int' | 7",
        "7::BIGINT | 'int' | 7",
        "18446744073709551615::UBIGINT | 'long' | field 'x': long is expected, found '18446744073709551615'",
        "7.00::DECIMAL(5,2) | 'long' | 7",
        "7.5::DECIMAL(5,2) | 'long' | field 'x': long is expected, found '7.50'",
        "7::DOUBLE | 'int' | field 'x': int is expected, found '7.0'",
        "1.5::FLOAT | 'double' | 1.5",
        "1.5::DOUBLE | 'float' | 1.5",
        "7 | 'double' | 7.0",
        "7 | 'string' | field 'x': string is expected, found '7'",
        "'Zürich' | 'string' | Zürich",
        "encode('Zürich') | 'string' | Zürich",
        "'A'::ENUM('A', 'B') | {'type':'enum','name':'E','symbols':['A']} | A",
        "'B' | {'type':'enum','name':'E','symbols':['A']} | field 'x': one of [A] is expected, found 'B'",
        "'550e8400-e29b-41d4-a716-446655440000'::UUID | {'type':'string','logicalType':'uuid'} | 550e8400-e29b-41d4-a716-446655440000",
        "'550e8400-e29b-41d4-a716-446655440000'::UUID | {'type':'fixed','name':'U','size':16,'logicalType':'uuid'} | 550e8400-e29b-41d4-a716-446655440000",
        "1.50::DECIMAL(38,2) | {'type':'bytes','logicalType':'decimal','precision':4,'scale':1} | 1.5",
        "1.55::DECIMAL(38,2) | {'type':'bytes','logicalType':'decimal','precision':4,'scale':1} | field 'x': the number is not exactly a decimal(4,1)",
        "DATE '1969-12-31' | {'type':'int','logicalType':'date'} | -1",
        "TIME '00:00:01.5' | {'type':'int','logicalType':'time-millis'} | 1500",
        "TIMESTAMP '1969-12-31 23:59:59.999999' | {'type':'long','logicalType':'timestamp-micros'} | -1",
        "TIMESTAMP '2026-09-27 02:50:00' | {'type':'long','logicalType':'timestamp-millis'} | 1790477400000",
        "TIMESTAMP_NS '1970-01-01 00:00:01.5' | {'type':'long','logicalType':'timestamp-millis'} | 1500",
        "TIMESTAMP '1970-01-01 00:00:01' | {'type':'long','logicalType':'local-timestamp-millis'} | 1000",
        "TIMESTAMPTZ '1970-01-01 01:00:01+01' | {'type':'long','logicalType':'timestamp-millis'} | 1000",
        "NULL::INT | 'int' | field 'x' is null, and its schema does not allow that",
        "NULL::INT | ['null','int'] | null",
        "[1, NULL] | {'type':'array','items':['null','long']} | [1, null]",
        "[1, NULL] | {'type':'array','items':'long'} | field 'x': an element is null, and its schema does not allow that",
        "[TIMESTAMP '2026-09-27 02:50:00'] | {'type':'array','items':{'type':'long','logicalType':'timestamp-millis'}} | [1790477400000]",
        "{'TIMESTAMP': TIMESTAMP '1970-01-01 00:00:01', 'b': [{'c': 1.5::DECIMAL(3,1)}]} | {'type':'record','name':'R','fields':[{'name':'b','type':{'type':'array','items':{'type':'record','name':'C','fields':[{'name':'c','type':{'type':'bytes','logicalType':'decimal','precision':4,'scale':2}},{'name':'d','type':'int','default':7}]}}},{'name':'TIMESTAMP','type':{'type':'long','logicalType':'timestamp-millis'}}]} | [[[1.50, 7]], 1000]",
        "{'a': 'x'} | {'type':'record','name':'R','fields':[{'name':'a','type':'int'}]} | field 'x.a': int is expected, found 'x'",
        "MAP {'k': 1} | ['null', {'type':'map','values':'int'}] | null"
      })
  void types_are_those_of_the_schema(String row) throws Exception {
    String[] parts = row.split(" \\| ");
    assertThat(read(file("SELECT " + parts[0] + " AS x"), of(parts[1])).rows())
        .containsExactly(parts[2].startsWith("field") ? parts[2] : "[" + parts[2] + "]");
  }

  @Test
  void columns_that_the_schema_does_not_have_are_not_read_and_others_have_their_default()
      throws Exception {
    Schema schema =
        schema("{'name':'name','type':'string'},{'name':'country','type':'string','default':'CH'}");
    assertThat(read(file("SELECT INTERVAL 1 DAY AS age, 'Bern' AS name"), schema).rows())
        .containsExactly("[Bern, CH]");
  }

  @Test
  void a_column_that_has_vanished_is_said() throws Exception {
    InputFile file = file("SELECT 1 AS size, 'x' AS title");
    assertThatThrownBy(() -> read(file, CITY))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("cities.parquet: field 'name' is missing; there are [size, title]");
    Read rejects =
        Read.from(
            file,
            Place.START,
            Format.PARQUET,
            FileLayout.PLAIN,
            CITY,
            new FilePolicies(OnReplace.STOP, OnMismatch.REJECT));
    assertThat(rejects.rows()).containsExactly("field 'name' is missing; there are [size, title]");
    assertThat(new String(rejects.raw().get(0).raw(), UTF_8))
        .isEqualTo("{\"size\":1,\"title\":\"x\"}");
  }

  @Test
  void a_row_that_does_not_fit_is_kept_as_json() throws Exception {
    Read read =
        read(
            file("SELECT 'x' AS name, [DATE '2020-02-29'] AS size, 'not asked for' AS other"),
            CITY);
    assertThat(new String(read.raw().get(0).raw(), UTF_8))
        .isEqualTo("{\"name\":\"x\",\"size\":[\"2020-02-29\"]}");
  }

  @Test
  void what_is_no_whole_file_is_said() throws Exception {
    InputFile file = file("SELECT i::INT AS size, 'x' AS name FROM range(0, 1000) x(i)");
    byte[] content = Files.readAllBytes(file.path());
    for (int length : new int[] {0, 3, 100, content.length / 2, content.length - 1}) {
      Files.write(file.path(), Arrays.copyOf(content, length));
      assertThatThrownBy(() -> read(file, CITY))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("cities.parquet can not be read as Parquet");
    }
  }

  @Test
  void a_damaged_page_is_said_with_the_row_before_it() throws Exception {
    InputFile file =
        file(
            "cities.parquet",
            "SELECT i::INT AS size, 'city ' || i AS name FROM range(0, 100000) x(i)",
            ", ROW_GROUP_SIZE 20480");
    byte[] content = Files.readAllBytes(file.path());
    Arrays.fill(content, content.length / 2, content.length / 2 + 20_000, (byte) 0xA5);
    Files.write(file.path(), content);
    assertThatThrownBy(() -> read(file, CITY))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("cities.parquet can not be read as Parquet behind row ");
  }
}
