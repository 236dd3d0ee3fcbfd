package dev.tidemill.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Envelopes as Debezium's connectors write them. */
final class DebeziumDecoderTest {
  private static final Schema SCHEMA =
      Rows.record(
          """
          {'name': 'id', 'type': 'int'},
          {'name': 'name', 'type': 'string'},
          {'name': 'at', 'type': {'type': 'long', 'logicalType': 'timestamp-micros'}},
          {'name': 'day', 'type': ['null', {'type': 'int', 'logicalType': 'date'}]}
          """);
  private static final String ROW =
      "{'id': 7, 'name': 'sea', 'at': 1700000000123999, 'day': 19000}";
  private static final Object[] READ = {7, "sea", 1_700_000_000_123L, 19_000};

  private final InMemoryRegistry registry = new InMemoryRegistry();
  private final DebeziumDecoder decoder = new DebeziumDecoder(SCHEMA, registry);

  @ParameterizedTest
  @ValueSource(strings = {"c", "u", "r"})
  void create_update_and_snapshot_give_the_row_after(String op) throws DecodeException {
    assertThat(row(json("{'before': null, 'after': " + ROW + ", 'op': '" + op + "'}")))
        .containsExactly(READ);
  }

  @Test
  void the_order_of_an_envelopes_fields_does_not_matter() throws DecodeException {
    assertThat(row(json("{'op': 'c', 'source': {'op': 'd'}, 'after': " + ROW + "}")))
        .containsExactly(READ);
  }

  @Test
  void an_envelope_beside_its_schema_is_read() throws DecodeException {
    String envelope =
        "{'schema': {'type': 'struct'}, 'payload': {'after': " + ROW + ", 'op': 'c'}}";
    assertThat(row(json(envelope))).containsExactly(READ);
  }

  @Test
  void json_behind_a_json_schemas_id_is_read() throws DecodeException {
    int id = registry.register("t-value", RegisteredSchema.Language.JSON, "{}");
    String envelope = "{'before': null, 'after': " + ROW + ", 'op': 'c'}";
    assertThat(row(JsonTopicDecoderTest.withId(id, envelope))).containsExactly(READ);
  }

  @Test
  void a_delete_gives_the_row_before_as_far_as_it_is_known() throws DecodeException {
    assertThat(decode(json("{'before': {'id': 7, 'name': null}, 'after': null, 'op': 'd'}")))
        .isInstanceOfSatisfying(
            Change.Deletion.class,
            deletion -> assertThat(deletion.before().get()).containsExactly(7, null, null, null));
  }

  @Test
  void a_delete_without_a_row_before_has_only_its_key() throws DecodeException {
    assertThat(decode(json("{'before': null, 'after': null, 'op': 'd'}")))
        .isEqualTo(Change.Deletion.TOMBSTONE);
  }

  @Test
  void a_tombstone_is_a_deletion() throws DecodeException {
    assertThat(decode(null)).isEqualTo(Change.Deletion.TOMBSTONE);
  }

  @Test
  void what_is_no_envelope_is_refused_with_what_to_write() {
    assertThatThrownBy(() -> decode(json(ROW)))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("no Debezium envelope")
        .hasMessageContaining("format: json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"t", "m", "x", ""})
  void an_operation_that_is_not_of_a_row_is_refused(String op) {
    assertThatThrownBy(() -> decode(json("{'after': " + ROW + ", 'op': '" + op + "'}")))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("operation '" + op + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "7", "[]", "{", "{'op': 'c', 'after': 7}", "{'op': 'c'}", "{'op': {}}"})
  void broken_json_is_refused(String json) {
    assertThatThrownBy(() -> decode(json(json))).isInstanceOf(DecodeException.class);
  }

  @Test
  void an_avro_envelope_is_read_with_debeziums_own_times() throws Exception {
    assertThat(row(avro("c", null, avroRow(7, "sea", 1_700_000_000_123_999L, 19_000))))
        .containsExactly(READ);
  }

  @Test
  void a_delete_in_avro_gives_the_row_before() throws Exception {
    assertThat(decode(avro("d", avroRow(7, "sea", 1_700_000_000_123_999L, 19_000), null)))
        .isInstanceOfSatisfying(
            Change.Deletion.class, d -> assertThat(d.before().get()).containsExactly(READ));
  }

  @Test
  void a_new_column_of_the_table_is_ignored() throws Exception {
    Schema wider = envelope(TABLE + ", {'name': 'depth', 'type': 'double'}");
    GenericRecord row = avroRow(wider, 7, "sea", 1_700_000_000_123_999L, 19_000);
    row.put("depth", 1.5);
    assertThat(row(avro(wider, "u", null, row))).containsExactly(READ);
  }

  @Test
  void a_column_of_another_type_is_an_incompatible_schema() {
    Schema other = envelope("{'name': 'id', 'type': 'string'}");
    GenericRecord row = new GenericData.Record(rowOf(other));
    row.put("id", "seven");
    assertThatThrownBy(() -> decode(avro(other, "c", null, row)))
        .isInstanceOf(IncompatibleSchemaException.class)
        .hasMessageContaining("field 'id': int is expected, string is written");
  }

  @Test
  void nanoseconds_are_not_read_as_milliseconds() {
    Schema other = envelope(TABLE.replace("MicroTimestamp", "NanoTimestamp"));
    GenericRecord row = avroRow(other, 7, "sea", 1_700_000_000_123_999_999L, 19_000);
    assertThatThrownBy(() -> decode(avro(other, "c", null, row)))
        .isInstanceOf(IncompatibleSchemaException.class)
        .hasMessageContaining("field 'at'");
  }

  @Test
  void a_schema_of_bare_rows_is_incompatible_with_what_to_write() {
    int id = registry.register("t-value", SCHEMA);
    assertThatThrownBy(() -> decode(JsonTopicDecoderTest.withId(id, "")))
        .isInstanceOf(IncompatibleSchemaException.class)
        .hasMessageContaining("format: avro");
  }

  @Test
  void a_registry_that_is_down_is_no_data_error_and_is_asked_again() throws Exception {
    byte[] value = avro("c", null, avroRow(7, "sea", 1_700_000_000_123_999L, 19_000));
    registry.down(true);
    assertThatThrownBy(() -> decode(value)).isInstanceOf(RegistryUnavailableException.class);
    registry.down(false);
    assertThat(row(value)).containsExactly(READ);
  }

  private Change decode(byte[] value) throws DecodeException {
    return decoder.decode(new byte[0], value);
  }

  private Object[] row(byte[] value) throws DecodeException {
    return ((Change.Row) decode(value)).row();
  }

  private static byte[] json(String json) {
    return JsonTopicDecoderTest.json(json);
  }

  private static final String TABLE =
      """
      {'name': 'id', 'type': 'int'},
      {'name': 'name', 'type': ['null', 'string'], 'default': null},
      {'name': 'at', 'type': {'type': 'long', 'connect.name': 'io.debezium.time.MicroTimestamp'}},
      {'name': 'day', 'type': ['null', {'type': 'int', 'connect.name': 'io.debezium.time.Date'}]}
      """;

  private static Schema envelope(String columns) {
    return Rows.record(
        "Envelope",
        """
        {'name': 'before', 'type': ['null', {'type': 'record', 'name': 'Value', 'fields': [%s]}]},
        {'name': 'after', 'type': ['null', 'Value']},
        {'name': 'source', 'type': {'type': 'record', 'name': 'Source', 'fields': [
            {'name': 'lsn', 'type': ['null', 'long']}]}},
        {'name': 'op', 'type': 'string'},
        {'name': 'ts_ms', 'type': ['null', 'long']}
        """
            .formatted(columns));
  }

  private static Schema rowOf(Schema envelope) {
    return envelope.getField("before").schema().getTypes().get(1);
  }

  private static GenericRecord avroRow(int id, String name, long at, int day) {
    return avroRow(envelope(TABLE), id, name, at, day);
  }

  private static GenericRecord avroRow(Schema envelope, int id, String name, long at, int day) {
    GenericRecord row = new GenericData.Record(rowOf(envelope));
    row.put("id", id);
    row.put("name", name);
    row.put("at", at);
    row.put("day", day);
    return row;
  }

  private byte[] avro(String op, GenericRecord before, GenericRecord after) throws IOException {
    return avro(envelope(TABLE), op, before, after);
  }

  private byte[] avro(Schema schema, String op, GenericRecord before, GenericRecord after)
      throws IOException {
    GenericRecord source = new GenericData.Record(schema.getField("source").schema());
    GenericRecord envelope = new GenericData.Record(schema);
    envelope.put("before", before);
    envelope.put("after", after);
    envelope.put("source", source);
    envelope.put("op", op);
    envelope.put("ts_ms", 1L);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(WireFormat.header(registry.register(Optional.of(schema).toString(), schema)));
    var encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(schema).write(envelope, encoder);
    return bytes.toByteArray();
  }
}
