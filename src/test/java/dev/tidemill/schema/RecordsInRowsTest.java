package dev.tidemill.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import dev.tidemill.schema.RegisteredSchema.Language;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records within rows: a list of the values of their fields, in every format. */
final class RecordsInRowsTest {
  private static final String CITY = "{'name': 'city', 'type': 'string'}";
  private static final String ZIP = "{'name': 'zip', 'type': ['null', 'int']}";
  private static final String AT =
      "{'name': 'at', 'type': {'type': 'long', 'logicalType': 'timestamp-millis'}}";

  private final InMemoryRegistry registry = new InMemoryRegistry();

  /** A row of one nullable record {@code a}. */
  private static Schema row(String... fields) {
    return Rows.record("{'name': 'a', 'type': ['null', " + type("A", fields) + "]}");
  }

  /** A row of one array {@code a} of records. */
  private static Schema rowOfArray(String... fields) {
    return Rows.record(
        "{'name': 'a', 'type': {'type': 'array', 'items': " + type("A", fields) + "}}");
  }

  private static String type(String name, String... fields) {
    return "{'type': 'record', 'name': '"
        + name
        + "', 'fields': ["
        + String.join(", ", fields)
        + "]}";
  }

  private static String field(String name, String type) {
    return "{'name': '" + name + "', 'type': " + type + "}";
  }

  @Test
  void a_record_within_a_record_comes_back_as_it_was() throws DecodeException {
    Schema schema = row(CITY, field("in", "['null', " + type("B", ZIP, CITY) + "]"));
    for (Object value :
        Arrays.asList(
            List.of("Ulm", Arrays.asList(null, "Bonn")), Arrays.asList("Ulm", null), null)) {
      assertThat(decode(schema, encode(schema, value))).containsExactly(value);
    }
  }

  @Test
  void every_type_may_be_in_a_record() throws DecodeException {
    List<Schema.Field> fields =
        Rows.SCHEMA.getFields().stream().map(f -> new Schema.Field(f, f.schema())).toList();
    Schema inner = Schema.createRecord("Inner", null, null, false, fields);
    Schema schema =
        Schema.createRecord("Outer", null, null, false, List.of(new Schema.Field("r", inner)));
    List<Object> values = Arrays.asList(Rows.full());
    assertThat(decode(schema, encode(schema, values)))
        .usingRecursiveComparison()
        .isEqualTo(new Object[] {values});
  }

  @Test
  void an_array_of_records_comes_back_as_it_was() throws DecodeException {
    Schema schema = rowOfArray(CITY, ZIP);
    var values = List.of(List.of("Ulm", 89073), Arrays.asList("Bonn", null));
    assertThat(decode(schema, encode(schema, values))).containsExactly(values);
  }

  @Test
  void the_writer_may_have_more_fields_in_another_order() throws DecodeException {
    Schema written =
        row(
            ZIP,
            field("more", type("M", CITY, field("all", "['null', 'int']"))),
            field("z", "'int'"),
            CITY);
    byte[] bytes = encode(written, List.of(89073, Arrays.asList("x", null), 1, "Ulm"));
    assertThat(decode(row(CITY, ZIP), bytes)).containsExactly(List.of("Ulm", 89073));
  }

  @Test
  void a_writer_that_makes_a_record_contain_itself_stops_nothing() throws DecodeException {
    Schema written = row(CITY, field("next", "['null', 'A']"));
    byte[] bytes = encode(row(CITY, field("next", "['null', 'int']")), Arrays.asList("Ulm", null));
    ByteBuffer.wrap(bytes).putInt(1, registry.register("w", written));
    assertThat(decode(row(CITY), bytes)).containsExactly(List.of("Ulm"));
    assertThat(decode(Rows.record("{'name': 'b', 'type': ['null', 'int']}"), bytes))
        .containsExactly((Object) null);
  }

  @Test
  void a_missing_field_has_its_default_or_is_null() throws DecodeException {
    byte[] bytes = encode(row(CITY), List.of("Ulm"));
    Schema reader = row(CITY, ZIP, "{'name': 'land', 'type': 'string', 'default': 'D'}");
    assertThat(decode(reader, bytes)).containsExactly(Arrays.asList("Ulm", null, "D"));
    assertThat(json(reader, "{'a': {'city': 'Ulm'}}"))
        .containsExactly(Arrays.asList("Ulm", null, "D"));
    assertThat(json(reader, "{}")).containsExactly((Object) null);
  }

  @Test
  void a_record_may_have_a_default_itself() throws DecodeException {
    Schema reader =
        Rows.record(
            "{'name': 'b', 'type': ['null', 'int']}, {'name': 'a', 'type': "
                + type("A", CITY, "{'name': 'zip', 'type': 'int', 'default': 7}")
                + ", 'default': {'city': 'Ulm'}}");
    assertThat(json(reader, "{}")).containsExactly(null, List.of("Ulm", 7));
    byte[] bytes = encode(Rows.record("{'name': 'b', 'type': ['null', 'int']}"), (Object) null);
    assertThat(decode(reader, bytes)).containsExactly(null, List.of("Ulm", 7));
  }

  @Test
  void a_field_that_is_not_written_and_has_no_default_is_an_incompatible_schema() {
    byte[] bytes = encode(row(ZIP), List.of(7));
    assertThatThrownBy(() -> decode(row(CITY, ZIP), bytes))
        .isInstanceOf(IncompatibleSchemaException.class)
        .hasMessageContaining("field 'a.city': it is not written, and has no default");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'string' | field 'a.x': int is expected, string is written",
        "{'type': 'array', 'items': 'int'} | field 'a.x': int is expected, array is written",
        "{'type': 'record', 'name': 'B', 'fields': [{'name': 'y', 'type': 'int'}]} | field 'a.x'",
        "{'type': 'int', 'logicalType': 'date'} |"
      },
      quoteCharacter = '"')
  void a_field_of_another_type_is_an_incompatible_schema(String written, String why)
      throws DecodeException {
    Schema writer = row(field("x", written));
    byte[] bytes = ByteBuffer.allocate(7).putInt(1, registry.register("w", writer)).array();
    bytes[5] = 2;
    Schema reader = row(field("x", "'int'"));
    if (why == null) {
      assertThat(decode(reader, bytes)).containsExactly(List.of(0));
    } else {
      assertThatThrownBy(() -> decode(reader, bytes))
          .isInstanceOf(IncompatibleSchemaException.class)
          .hasMessageContaining(why);
    }
  }

  @Test
  void what_is_no_record_is_an_incompatible_schema() {
    byte[] bytes = encode(Rows.record(field("a", "'string'")), "x");
    assertThatThrownBy(() -> decode(row(CITY), bytes))
        .isInstanceOf(IncompatibleSchemaException.class)
        .hasMessageContaining("field 'a': record is expected, string is written");
    assertThatThrownBy(() -> decode(rowOfArray(CITY), bytes))
        .isInstanceOf(IncompatibleSchemaException.class)
        .hasMessageContaining("field 'a': array of record is expected, string is written");
    byte[] record = encode(row(CITY), List.of("x"));
    assertThatThrownBy(() -> decode(Rows.record(field("a", "['null', 'int']")), record))
        .isInstanceOf(IncompatibleSchemaException.class)
        .hasMessageContaining("field 'a'");
  }

  @Test
  void fields_are_promoted_renamed_and_have_the_readers_unit() throws DecodeException {
    String micros = "{'type': 'long', 'logicalType': 'timestamp-micros'}";
    byte[] bytes =
        encode(
            row(field("n", "'int'"), field("town", "'string'"), field("at", micros)),
            List.of(7, "Ulm", 1_700_000_000_123L));
    Schema reader =
        Rows.record(
            "{'name': 'a', 'type': ['null', "
                + type(
                    "Another",
                    field("n", "'long'"),
                    "{'name': 'city', 'type': 'string', 'aliases': ['town']}",
                    AT,
                    ZIP)
                + "]}");
    assertThat(decode(reader, bytes))
        .containsExactly(Arrays.asList(7L, "Ulm", 1_700_000_000_123L, null));
  }

  @Test
  void what_only_avro_can_resolve_has_the_readers_unit_too() throws DecodeException {
    String micros = "{'type': 'long', 'logicalType': 'timestamp-micros'}";
    byte[] bytes =
        encode(
            row(field("b", "'bytes'"), field("at", micros), field("in", type("B", ZIP))),
            List.of("Ulm".getBytes(UTF_8), 1_700_000_000_123L, List.of(7)));
    Schema reader =
        Rows.record(
            "{'name': 'a', 'type': ['null', "
                + type(
                    "Another",
                    AT,
                    field(
                        "in", type("C", "{'name': 'city', 'type': 'string', 'default': 'x'}", ZIP)),
                    field("b", "'string'"),
                    ZIP)
                + "]}");
    assertThat(decode(reader, bytes))
        .containsExactly(Arrays.asList(1_700_000_000_123L, List.of("x", 7), "Ulm", null));
  }

  @Test
  void elements_are_resolved_as_records_are() throws DecodeException {
    byte[] bytes = encode(rowOfArray(field("n", "'int'"), CITY), List.of(List.of(7, "Ulm")));
    Schema reader =
        rowOfArray(
            field("n", "'double'"), "{'name': 'town', 'type': 'string', 'aliases': ['city']}", ZIP);
    assertThat(decode(reader, bytes)).containsExactly(List.of(Arrays.asList(7.0, "Ulm", null)));
  }

  @Test
  void a_null_that_is_not_allowed_is_told_with_its_path() {
    byte[] bytes = encode(row(field("city", "['null', 'string']")), Arrays.asList((Object) null));
    assertThatThrownBy(() -> decode(row(CITY), bytes))
        .isInstanceOf(DecodeException.class)
        .hasMessage("field 'a.city' is null, and its schema does not allow that");
    Schema reader = Rows.record(field("a", type("A", CITY)));
    byte[] noRecord = encode(row(CITY), (Object) null);
    assertThatThrownBy(() -> decode(reader, noRecord))
        .isInstanceOf(DecodeException.class)
        .hasMessage("field 'a' is null, and its schema does not allow that");
  }

  @Test
  void broken_bytes_are_told_with_the_path() {
    byte[] bytes = encode(row(CITY), List.of("Ulm"));
    bytes[6] = 100;
    assertThatThrownBy(() -> decode(row(CITY), bytes))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("field 'a.city': a length of 50 bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'a': 1} | field 'a': an object is expected, found the number 1",
        "{'a': [1]} | field 'a': an object is expected, found an array",
        "{'a': {}} | field 'a.city' is missing",
        "{'a': {'city': null}} | field 'a.city' is null, and its schema does not allow that",
        "{'a': {'city': 7}} | field 'a.city': string is expected, found the number 7",
        "{'a': {'city': 'x', 'city': 'y'}} | field 'a.city' is there twice",
        "{'a': {'city': 'x', 'in': {'zip': 'y'}}} | field 'a.in.zip': int is expected",
        "{'a': {'city': 'x', 'all': [{'zip': true}]}} | field 'a.all.zip': int is expected",
        "{'a': {'city': 'x', 'all': [7]}} | field 'a.all': an object is expected, found the number 7"
      },
      quoteCharacter = '"')
  void json_that_does_not_fit_is_told_with_its_path(String text, String why) {
    Schema schema =
        row(
            CITY,
            field("in", "['null', " + type("B", ZIP) + "]"),
            field("all", "['null', {'type': 'array', 'items': 'B'}]"));
    assertThatThrownBy(() -> json(schema, text))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining(why);
  }

  @Test
  void json_may_have_more_fields() throws DecodeException {
    assertThat(json(row(CITY, ZIP), "{'a': {'x': {'y': [1]}, 'city': 'Ulm', 'zip': 1, 'z': 2}}"))
        .containsExactly(List.of("Ulm", 1));
    assertThat(json(row(CITY, ZIP), "{'a': null}")).containsExactly((Object) null);
    assertThat(json(rowOfArray(CITY, ZIP), "{'a': [{'city': 'x'}, {'zip': 2, 'city': 'y'}]}"))
        .containsExactly(List.of(Arrays.asList("x", null), List.of("y", 2)));
  }

  @Test
  void envelopes_have_rows_with_records() throws DecodeException {
    Schema schema = row(CITY, "{'name': 'd', 'type': {'type': 'int', 'logicalType': 'date'}}");
    String json = "{'op': 'c', 'after': {'a': {'city': 'Ulm', 'd': 3}}}";
    Change change =
        new DebeziumDecoder(schema, registry).decode(null, json.replace('\'', '"').getBytes(UTF_8));
    assertThat(((Change.Row) change).row()).containsExactly(List.of("Ulm", 3));
  }

  @Test
  void messages_within_messages_are_records() throws DecodeException {
    int id =
        registry.register(
            "t-value",
            Language.PROTOBUF,
            """
            syntax = "proto3";
            message Row { Place a = 1; repeated Place all = 2; }
            message Place { int32 more = 1; string city = 2; optional int32 zip = 3; Row in = 4; }
            """);
    Schema schema =
        Rows.record(
            "{'name': 'a', 'type': ['null', "
                + type("A", CITY, ZIP)
                + "]}, {'name': 'all', 'type': {'type': 'array', 'items': 'A'}}");
    assertThat(protobuf(schema, id, new byte[0])).containsExactly(null, List.of());
    ByteString ulm =
        UnknownFieldSet.newBuilder()
            .addField(2, Field.newBuilder().addLengthDelimited(utf8("Ulm")).build())
            .build()
            .toByteString();
    ByteString zip =
        UnknownFieldSet.newBuilder()
            .addField(3, Field.newBuilder().addVarint(7).build())
            .build()
            .toByteString();
    byte[] both =
        UnknownFieldSet.newBuilder()
            .addField(1, Field.newBuilder().addLengthDelimited(ulm).build())
            .addField(2, Field.newBuilder().addLengthDelimited(ulm).addLengthDelimited(zip).build())
            .build()
            .toByteArray();
    assertThat(protobuf(schema, id, both))
        .containsExactly(
            Arrays.asList("Ulm", null), List.of(Arrays.asList("Ulm", null), List.of("", 7)));
    assertThatThrownBy(() -> protobuf(row(field("city", "'int'")), id, both))
        .isInstanceOf(IncompatibleSchemaException.class)
        .hasMessageContaining("field 'a.city': int is expected, string is written");
    assertThatThrownBy(() -> protobuf(row(field("town", "'int'")), id, both))
        .isInstanceOf(IncompatibleSchemaException.class)
        .hasMessageContaining("field 'a.town': it is not written, and has no default");
    assertThatThrownBy(() -> protobuf(Rows.record(field("a", type("A", CITY))), id, new byte[0]))
        .isInstanceOf(DecodeException.class)
        .hasMessage("field 'a' is missing");
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private Object[] protobuf(Schema schema, int id, byte[] message) throws DecodeException {
    byte[] value =
        ByteBuffer.allocate(6 + message.length).putInt(1, id).position(6).put(message).array();
    return new ProtobufRowDecoder(schema, registry).decode(value);
  }

  @Test
  void a_row_with_a_record_is_shown_as_json() {
    Schema schema = row(CITY, AT, ZIP);
    assertThat(new JsonRow(schema).of(new Object[] {Arrays.asList("Ulm", 0L, null)}).toString())
        .isEqualTo("{\"a\":{\"city\":\"Ulm\",\"at\":\"1970-01-01T00:00:00Z\",\"zip\":null}}");
  }

  @Test
  void a_text_can_not_hold_a_record() {
    assertThatThrownBy(() -> TextRow.of(row(CITY), List.of(java.util.Optional.of("Ulm"))))
        .isInstanceOf(DecodeException.class)
        .hasMessage("field 'a' is a record, which a text can not hold");
  }

  private static Object[] json(Schema schema, String text) throws DecodeException {
    return new JsonRowDecoder(schema).decode(text.replace('\'', '"').getBytes(UTF_8));
  }

  private byte[] encode(Schema schema, Object... row) {
    return RowEncoder.register(registry, schema.toString(), schema)
        .encode(row == null ? new Object[] {null} : row);
  }

  private Object[] decode(Schema schema, byte[] bytes) throws DecodeException {
    return new AvroRowDecoder(schema, registry).decode(bytes);
  }
}
