package dev.tidemill.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arrays of single values in rows: a list, in which each may be null if the schema says so. */
final class ArraysTest {
  private static final String MICROS = "{'type': 'long', 'logicalType': 'timestamp-micros'}";
  private static final String MILLIS = "{'type': 'long', 'logicalType': 'timestamp-millis'}";

  private final InMemoryRegistry registry = new InMemoryRegistry();

  @Test
  void an_array_of_every_type_comes_back_as_it_was() throws DecodeException {
    Schema schema = arraysOf(Rows.SCHEMA);
    Object[] full = Rows.full();
    Object[] row = Arrays.stream(full).map(value -> Arrays.asList(value, null, value)).toArray();
    assertThat(decode(schema, encode(schema, row))).usingRecursiveComparison().isEqualTo(row);
    Object[] empty = Arrays.stream(full).map(value -> List.of()).toArray();
    assertThat(decode(schema, encode(schema, empty))).isEqualTo(empty);
  }

  @Test
  void an_array_may_be_null() throws DecodeException {
    Schema schema =
        Rows.record("{'name': 'a', 'type': ['null', {'type': 'array', 'items': 'int'}]}");
    assertThat(decode(schema, encode(schema, new Object[] {null}))).containsExactly((Object) null);
    assertThat(decode(schema, encode(schema, List.of(1, 2)))).containsExactly(List.of(1, 2));
  }

  @Test
  void blocks_with_their_length_are_read() throws DecodeException {
    Schema schema = array("'int'");
    byte[] two = encode(schema, List.of(7, 8));
    // Two blocks of one element: -1, its length of 1 byte, the element.
    byte[] blocks = Arrays.copyOf(two, 12);
    System.arraycopy(new byte[] {1, 2, 14, 1, 2, 16, 0}, 0, blocks, 5, 7);
    assertThat(decode(schema, blocks)).containsExactly(List.of(7, 8));
  }

  @Test
  void a_block_that_can_not_be_there_is_refused_before_anything_is_allocated() {
    Schema schema = array("'int'");
    byte[] bytes = Arrays.copyOf(encode(schema, List.of(7, 8)), 11);
    System.arraycopy(new byte[] {-2, -1, -1, -1, 15, 0}, 0, bytes, 5, 6);
    assertThatThrownBy(() -> decode(schema, bytes))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("field 'a': a block of 2147483647 elements");
  }

  @Test
  void a_null_element_is_refused_where_the_schema_does_not_allow_it() {
    byte[] bytes = encode(array("['null', 'int']"), Arrays.asList(1, null));
    assertThatThrownBy(() -> decode(array("'int'"), bytes))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("field 'a': an element is null");
    assertThatThrownBy(() -> json("'int'", "{'a': [1, null]}"))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("field 'a': an element is null");
  }

  @Test
  void elements_are_promoted_and_have_the_readers_unit() throws DecodeException {
    byte[] ints = encode(array("'int'"), List.of(7));
    assertThat(decode(array("'double'"), ints)).containsExactly(List.of(7.0));
    byte[] micros = encode(array(MICROS), List.of(7L));
    assertThat(decode(array(MILLIS), micros)).containsExactly(List.of(7L));
    Schema written =
        Rows.record(
            "{'name': 'a', 'type': {'type': 'array', 'items': "
                + MICROS
                + "}}, {'name': 'b', 'type': 'int'}");
    Schema promoted =
        Rows.record(
            "{'name': 'a', 'type': {'type': 'array', 'items': "
                + MILLIS
                + "}}, {'name': 'b', 'type': 'long'}");
    assertThat(decode(promoted, encode(written, List.of(7L), 1))).containsExactly(List.of(7L), 1L);
  }

  @Test
  void elements_of_another_type_or_meaning_are_an_incompatible_schema() {
    byte[] texts = encode(array("'string'"), List.of("x"));
    assertThatThrownBy(() -> decode(array("'int'"), texts))
        .isInstanceOf(IncompatibleSchemaException.class)
        .hasMessageContaining("field 'a'");
    byte[] dates = encode(array("{'type': 'int', 'logicalType': 'date'}"), List.of(1));
    assertThatThrownBy(() -> decode(array(MILLIS), dates))
        .isInstanceOf(IncompatibleSchemaException.class)
        .hasMessageContaining("field 'a': timestamp-millis is expected, date is written");
  }

  @Test
  void json_has_arrays_of_what_it_has_alone() throws DecodeException {
    assertThat(json("['null', 'long']", "{'a': [1, null, 2e3]}"))
        .containsExactly(Arrays.asList(1L, null, 2000L));
    assertThat(json(MILLIS, "{'a': ['2023-11-14T22:13:20.123Z']}"))
        .containsExactly(List.of(1_700_000_000_123L));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'a': 1} | field 'a': an array is expected, found the number 1",
        "{'a': ['x']} | field 'a': int is expected, found the string 'x'",
        "{'a': [[1]]} | field 'a': int is expected, found an array",
        "{'a': [1 | not JSON"
      },
      quoteCharacter = '"')
  void what_is_no_array_of_the_type_is_refused(String text, String why) {
    assertThatThrownBy(() -> json("'int'", text))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining(why);
  }

  @Test
  void a_row_with_an_array_is_shown_as_json() {
    Schema schema = array("['null', " + MILLIS + "]");
    assertThat(new JsonRow(schema).of(new Object[] {Arrays.asList(0L, null)}).toString())
        .isEqualTo("{\"a\":[\"1970-01-01T00:00:00Z\",null]}");
  }

  @Test
  void a_text_can_not_hold_an_array() {
    assertThatThrownBy(() -> TextRow.of(array("'int'"), List.of(java.util.Optional.of("[1]"))))
        .isInstanceOf(DecodeException.class)
        .hasMessage("field 'a' is an array, which a text can not hold");
  }

  private static Object[] json(String items, String text) throws DecodeException {
    return new JsonRowDecoder(array(items)).decode(text.replace('\'', '"').getBytes(UTF_8));
  }

  private static Schema array(String items) {
    return Rows.record("{'name': 'a', 'type': {'type': 'array', 'items': " + items + "}}");
  }

  private static Schema arraysOf(Schema scalars) {
    List<Schema.Field> fields =
        scalars.getFields().stream()
            .map(
                field ->
                    new Schema.Field(
                        field.name(),
                        Schema.createArray(
                            Schema.createUnion(Schema.create(Schema.Type.NULL), field.schema()))))
            .toList();
    return Schema.createRecord("Arrays", null, null, false, fields);
  }

  private byte[] encode(Schema schema, Object... row) {
    return RowEncoder.register(registry, schema.toString(), schema).encode(row);
  }

  private Object[] decode(Schema schema, byte[] bytes) throws DecodeException {
    return new AvroRowDecoder(schema, registry).decode(bytes);
  }
}
