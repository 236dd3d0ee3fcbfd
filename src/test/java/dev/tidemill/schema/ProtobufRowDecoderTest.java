package dev.tidemill.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import dev.tidemill.schema.RegisteredSchema.Language;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Confluent's wire format: what its serializers write is written down here byte by byte. */
final class ProtobufRowDecoderTest {
  private static final String FLIGHT =
      """
      syntax = "proto3";
      package air;
      import "google/protobuf/timestamp.proto";
      import "google/protobuf/wrappers.proto";

      enum Kind { UNKNOWN = 0; DIRECT = 1; }
      message Airport { string code = 1; }
      message Flight {
        message Leg { string origin = 1; }
        message Crew { int32 size = 1; }
        string origin = 1;
        int32 delay = 2;
        optional double distance = 3;
        google.protobuf.Timestamp at = 4;
        Kind kind = 5;
        google.protobuf.Int64Value seats = 6;
        map<string, string> notes = 7;
        repeated string stops = 8;
        string price = 9;
        uint32 number = 10;
        bytes raw = 11;
      }
      """;

  private final InMemoryRegistry registry = new InMemoryRegistry();

  @Test
  void the_bytes_of_confluents_serializer_are_read() throws DecodeException {
    registry.register("t-value", Language.PROTOBUF, "message A { optional string a = 1; }");
    byte[] value = HexFormat.of().parseHex("0000000001" + "00" + "0a03536561");
    assertThat(decoder("{'name': 'a', 'type': 'string'}").decode(value)).containsExactly("Sea");
  }

  @Test
  void a_nested_message_is_found_by_its_place() throws DecodeException {
    registry.register("t-value", Language.PROTOBUF, FLIGHT);
    // Two indexes, 1 and 1: Crew, the second message in the second one. Numbers are zigzag.
    byte[] value = HexFormat.of().parseHex("0000000001" + "040202" + "0807");
    assertThat(decoder("{'name': 'size', 'type': 'int'}").decode(value)).containsExactly(7);
  }

  @Test
  void fields_of_every_kind_are_matched_by_name() throws DecodeException {
    Object[] row =
        decoder(
                """
                {'name': 'price', 'type': {'type': 'bytes', 'logicalType': 'decimal',
                    'precision': 6, 'scale': 2}},
                {'name': 'at', 'type': {'type': 'long', 'logicalType': 'timestamp-millis'}},
                {'name': 'kind', 'type': 'string'},
                {'name': 'origin', 'type': 'string'},
                {'name': 'delay', 'type': 'long'},
                {'name': 'distance', 'type': 'double'},
                {'name': 'seats', 'type': 'long'},
                {'name': 'number', 'type': 'long'},
                {'name': 'stops', 'type': {'type': 'array', 'items': 'string'}},
                {'name': 'raw', 'type': 'bytes'}
                """)
            .decode(
                flight(
                    """
                    origin: "JFK" delay: -3 distance: 1.5 at {seconds: 1700000000 nanos: 123999999}
                    kind: DIRECT seats {value: 180} notes {key: "a" value: "b"} stops: "BOS"
                    price: "12.5" number: 4294967295 raw: "raw"
                    """));
    assertThat(row)
        .containsExactly(
            new BigDecimal("12.50"),
            1_700_000_000_123L,
            "DIRECT",
            "JFK",
            -3L,
            1.5,
            180L,
            4_294_967_295L,
            List.of("BOS"),
            "raw".getBytes(UTF_8));
  }

  @Test
  void a_field_without_presence_is_its_types_zero_if_it_is_not_written() throws DecodeException {
    assertThat(
            decoder("{'name': 'origin', 'type': 'string'}, {'name': 'delay', 'type': 'int'}")
                .decode(flight("")))
        .containsExactly("", 0);
  }

  @Test
  void a_field_with_presence_is_null_or_the_default_if_it_is_not_written() throws DecodeException {
    assertThat(
            decoder(
                    "{'name': 'distance', 'type': ['null', 'double']},"
                        + "{'name': 'seats', 'type': 'long', 'default': 9}")
                .decode(flight("")))
        .containsExactly(null, 9L);
  }

  @Test
  void a_field_with_presence_that_is_not_written_and_must_not_be_null_is_refused() {
    assertRefused("{'name': 'distance', 'type': 'double'}", "", "field 'distance' is missing");
  }

  @Test
  void a_new_field_of_the_writer_is_ignored_and_a_missing_one_has_its_default()
      throws DecodeException {
    registry.register(
        "t-value",
        Language.PROTOBUF,
        "syntax = \"proto3\"; message A { string new = 9; string a = 1; }");
    byte[] value = HexFormat.of().parseHex("0000000001" + "00" + "4a0178" + "0a03536561");
    assertThat(
            decoder("{'name': 'a', 'type': 'string'}, {'name': 'b', 'type': ['null', 'int']}")
                .decode(value))
        .containsExactly("Sea", null);
  }

  @Test
  void a_type_of_another_file_is_read() throws DecodeException {
    RegisteredSchema main =
        new RegisteredSchema(
            Language.PROTOBUF,
            "syntax = \"proto3\"; import \"other.proto\"; message A { Size a = 1; }",
            Map.of("other.proto", "syntax = \"proto3\"; enum Size { S = 0; XL = 1; }"));
    registry.register("t-value", main);
    byte[] value = HexFormat.of().parseHex("0000000001" + "00" + "0801");
    assertThat(decoder("{'name': 'a', 'type': 'string'}").decode(value)).containsExactly("XL");
  }

  @ParameterizedTest
  @CsvSource({
    "origin, int, 'int is expected, string is written'",
    "distance, int, 'int is expected, double is written'",
    "stops, string, 'string is expected, repeated string is written'",
    "at, string, 'string is expected, google.protobuf.Timestamp is written'",
    "nothing, string, 'it is not written, and has no default'"
  })
  void a_column_that_the_message_can_not_fill_is_an_incompatible_schema(
      String field, String type, String why) {
    assertThatThrownBy(
            () -> decoder("{'name': '%s', 'type': '%s'}".formatted(field, type)).decode(flight("")))
        .isInstanceOf(IncompatibleSchemaException.class)
        .hasMessageContaining("field '" + field + "': " + why);
  }

  @Test
  void a_repeated_field_needs_an_array_of_its_type() throws DecodeException {
    String ints = "{'name': 'stops', 'type': {'type': 'array', 'items': 'int'}}";
    assertThatThrownBy(() -> decoder(ints).decode(flight("")))
        .isInstanceOf(IncompatibleSchemaException.class)
        .hasMessageContaining(
            "field 'stops': array of int is expected, repeated string is written");
    String texts = "{'name': 'stops', 'type': {'type': 'array', 'items': 'string'}}";
    assertThat(decoder(texts).decode(flight(""))).containsExactly(List.of());
    String one = "{'name': 'origin', 'type': {'type': 'array', 'items': 'string'}}";
    assertThatThrownBy(() -> decoder(one).decode(flight("")))
        .hasMessageContaining("field 'origin': array of string is expected, string is written");
  }

  @Test
  void a_number_that_the_column_can_not_hold_is_refused() {
    assertRefused(
        "{'name': 'number', 'type': 'int'}",
        "number: 4294967295",
        "field 'number': int is expected, found the number 4294967295");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // no message
        "01", // a nesting of -1
        "d00f", // of 1000
        "0206", // the fourth message of three
        "000a0353", // cut off
        "0007", // a wire type that there is not
        "000a01ff" // no UTF-8
      })
  void broken_bytes_are_refused(String bytes) {
    registry.register("t-value", Language.PROTOBUF, FLIGHT.replace("message Airport", "message B"));
    byte[] value = HexFormat.of().parseHex("0000000001" + bytes);
    assertThatThrownBy(() -> decoder("{'name': 'code', 'type': 'string'}").decode(value))
        .isExactlyInstanceOf(DecodeException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"message {", "", "message A { Unknown a = 1; }", "import \"x.proto\";"})
  void a_schema_that_can_not_be_understood_is_a_data_error(String proto) {
    registry.register("t-value", Language.PROTOBUF, proto);
    byte[] value = HexFormat.of().parseHex("0000000001" + "00");
    assertThatThrownBy(() -> decoder("{'name': 'a', 'type': 'string'}").decode(value))
        .isInstanceOf(DecodeException.class);
  }

  @Test
  void a_schema_of_another_language_is_a_data_error() {
    registry.register("t-value", Language.JSON, "{}");
    byte[] value = HexFormat.of().parseHex("0000000001" + "00");
    assertThatThrownBy(() -> decoder("{'name': 'a', 'type': 'string'}").decode(value))
        .hasMessage("schema id 1 is JSON, not Protobuf");
  }

  @Test
  void a_registry_that_is_down_is_no_data_error_and_is_asked_again() throws DecodeException {
    registry.register("t-value", Language.PROTOBUF, "message A { optional string a = 1; }");
    byte[] value = HexFormat.of().parseHex("0000000001" + "00" + "0a03536561");
    ProtobufRowDecoder decoder = decoder("{'name': 'a', 'type': 'string'}");
    registry.down(true);
    assertThatThrownBy(() -> decoder.decode(value))
        .isInstanceOf(RegistryUnavailableException.class);
    registry.down(false);
    assertThat(decoder.decode(value)).containsExactly("Sea");
  }

  private void assertRefused(String fields, String flight, String why) {
    assertThatThrownBy(() -> decoder(fields).decode(flight(flight)))
        .isExactlyInstanceOf(DecodeException.class)
        .hasMessageContaining(why);
  }

  private ProtobufRowDecoder decoder(String fields) {
    Schema schema = Rows.record(fields);
    return new ProtobufRowDecoder(schema, registry);
  }

  /**
   * @param text a Flight in Protobuf's text format
   */
  private byte[] flight(String text) throws DecodeException {
    int id = registry.register("t-value", Language.PROTOBUF, FLIGHT);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(WireFormat.header(id));
    bytes.writeBytes(new byte[] {2, 2}); // the second message of the file
    Descriptor type = ProtobufSchema.of(registry.registered(id)).message(List.of(1));
    DynamicMessage.Builder flight = DynamicMessage.newBuilder(type);
    try {
      TextFormat.merge(text, flight);
    } catch (TextFormat.ParseException e) {
      throw new AssertionError(e);
    }
    bytes.writeBytes(flight.build().toByteArray());
    return bytes.toByteArray();
  }
}
