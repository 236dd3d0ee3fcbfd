package dev.tidemill.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CsvRowsTest {
  private static final Schema SCHEMA =
      Rows.record(
          """
          {'name': 'id', 'type': 'int'},
          {'name': 'name', 'type': 'string'},
          {'name': 'nick', 'type': ['null', 'string']},
          {'name': 'points', 'type': 'long', 'default': 5},
          {'name': 'member', 'type': ['boolean', 'null']}
          """);

  @Test
  void a_value_of_every_type_is_read() throws DecodeException {
    String line =
        "true,-2147483648, 9223372036854775807 ,1.5,-0.0,h\u00e9llo \ud83c\udf0a,HEARTS,"
            + "6f9619ff-8b86-d011-b42d-00c04fc964ff,6f9619ff-8b86-d011-b42d-00c04fc964ff,"
            + "cmF3,AQIDBA==,-12345678.90,-1e-2,2022-01-08,23:59:59.999,"
            + "2023-11-14T22:13:20.123Z,1969-12-31T23:59:59.999999Z,2023-11-14T22:13:20.123";
    assertThat(new CsvRowDecoder(Rows.SCHEMA).decode(line.getBytes(UTF_8)))
        .usingRecursiveComparison()
        .isEqualTo(Rows.full());
  }

  @Test
  void columns_are_found_by_their_names_in_the_header() throws DecodeException {
    CsvColumns columns =
        new CsvColumns(SCHEMA, List.of("\uFEFFname", "other", " id ", "member"), Optional.empty());
    assertThat(columns.row(List.of("x", "?", "7", "true"))).containsExactly(7, "x", null, 5L, true);
  }

  @Test
  void empty_text_is_null_or_the_default_or_an_empty_string() throws DecodeException {
    assertThat(line("7,,,,")).containsExactly(7, "", null, 5L, null);
  }

  @Test
  void empty_text_is_refused_where_nothing_can_be_empty() {
    assertThatThrownBy(() -> line(",x,,,"))
        .isInstanceOf(DecodeException.class)
        .hasMessage("field 'id' is empty, int is expected");
  }

  @Test
  void a_header_without_a_needed_column_is_refused() {
    assertThatThrownBy(() -> new CsvColumns(SCHEMA, List.of("id"), Optional.empty()))
        .isInstanceOf(DecodeException.class)
        .hasMessage("field 'name' is missing in the header, which has [id]");
  }

  @Test
  void a_header_with_a_column_twice_is_refused() {
    assertThatThrownBy(() -> new CsvColumns(SCHEMA, List.of("id", "name", "id"), Optional.empty()))
        .hasMessage("column 'id' is in the header twice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7,x", "7,x,,,,", "", "7,x,,,\n8,y,,,", "7,\"x,,,", "7,\"x\"y,,,"})
  void what_is_not_one_line_with_every_field_is_refused(String text) {
    assertThatThrownBy(() -> line(text)).isInstanceOf(DecodeException.class);
  }

  @Test
  void quotes_protect_commas_and_line_ends() throws DecodeException {
    assertThat(line("7,\"a,\"\"b\"\"\nc\",,1,\r\n"))
        .containsExactly(7, "a,\"b\"\nc", null, 1L, null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"7.0", "2147483648", "0x7", "seven", "1_000"})
  void what_is_no_int_is_refused(String text) {
    assertThatThrownBy(() -> line(text + ",x,,,"))
        .isInstanceOf(DecodeException.class)
        .hasMessage("field 'id': int is expected, found '" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1f", "NaN", "0x1p3", "1e999", "1 2", "."})
  void what_is_no_double_is_refused(String text) {
    Schema schema = Rows.record("{'name': 'a', 'type': 'double'}");
    assertThatThrownBy(() -> new CsvRowDecoder(schema).decode(text.getBytes(UTF_8)))
        .isInstanceOf(DecodeException.class)
        .hasMessage("field 'a': double is expected, found '" + text + "'");
  }

  @Test
  void a_line_that_is_not_utf8_is_refused() {
    assertThatThrownBy(() -> new CsvRowDecoder(SCHEMA).decode(new byte[] {(byte) 0xFF}))
        .hasMessage("the text is not UTF-8");
  }

  private static Object[] line(String text) throws DecodeException {
    return new CsvRowDecoder(SCHEMA).decode(text.getBytes(UTF_8));
  }
}
