package dev.tidemill.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

final class AvroRowsTest {
  private final InMemoryRegistry registry = new InMemoryRegistry();

  @Test
  void a_row_of_every_type_comes_back_as_it_was() throws DecodeException {
    assertThat(decode(Rows.SCHEMA, encode(Rows.SCHEMA, Rows.full())))
        .usingRecursiveComparison()
        .isEqualTo(Rows.full());
  }

  @Test
  void a_row_of_nulls_comes_back_as_it_was() throws DecodeException {
    Schema schema = Rows.nullable(Rows.SCHEMA);
    Object[] row = new Object[schema.getFields().size()];
    assertThat(decode(schema, encode(schema, row))).isEqualTo(row);
  }

  @Test
  void the_null_branch_may_be_the_second() throws DecodeException {
    Schema schema = record("{'name': 'a', 'type': ['int', 'null']}");
    assertThat(decode(schema, encode(schema, 7))).containsExactly(7);
    assertThat(decode(schema, encode(schema, new Object[] {null}))).containsExactly((Object) null);
  }

  @Test
  void micros_are_floored_to_milliseconds() throws DecodeException {
    Schema plain = record("{'name': 'a', 'type': 'long'}");
    Schema micros =
        record("{'name': 'a', 'type': {'type': 'long', 'logicalType': 'timestamp-micros'}}");
    byte[] bytes = encode(plain, -1L);
    ByteBuffer.wrap(bytes).putInt(1, registry.register("micros", micros));
    assertThat(decode(micros, bytes)).containsExactly(-1L);
  }

  @Test
  void a_null_in_a_field_that_is_not_nullable_is_refused_by_the_encoder() {
    Schema schema = record("{'name': 'a', 'type': 'int'}");
    assertThatThrownBy(() -> encode(schema, new Object[] {null}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("field 'a'")
        .hasMessageContaining("null");
  }

  @Test
  void a_value_of_another_type_is_refused_by_the_encoder() {
    Schema schema = record("{'name': 'a', 'type': 'int'}");
    assertThatThrownBy(() -> encode(schema, "seven"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("field 'a' of type int");
  }

  @Test
  void a_decimal_that_would_be_rounded_is_refused_by_the_encoder() {
    Schema schema =
        record(
            "{'name': 'a', 'type': {'type': 'bytes', 'logicalType': 'decimal',"
                + " 'precision': 4, 'scale': 2}}");
    assertThatThrownBy(() -> encode(schema, new BigDecimal("1.234")))
        .hasMessageContaining("not exactly a decimal(4,2)");
  }

  @Test
  void nested_fields_are_skipped_and_null() throws DecodeException {
    Schema schema =
        record(
            "{'name': 'list', 'type': ['null', {'type': 'map', 'values': 'int'}]},"
                + "{'name': 'a', 'type': 'int'}");
    byte[] bytes = encode(schema, null, 7);
    byte[] withList = new byte[bytes.length + 5];
    System.arraycopy(bytes, 0, withList, 0, 5);
    // branch 1, a block of one entry (k: 42), the end of the map, then the 7
    System.arraycopy(new byte[] {2, 2, 2, 'k', 84, 0, 14}, 0, withList, 5, 7);
    assertThat(decode(schema, Arrays.copyOf(withList, 12))).containsExactly(null, 7);
  }

  private byte[] encode(Schema schema, Object... row) {
    return RowEncoder.register(registry, schema.toString(), schema).encode(row);
  }

  private Object[] decode(Schema schema, byte[] bytes) throws DecodeException {
    return new AvroRowDecoder(schema, registry).decode(bytes);
  }

  private static Schema record(String fields) {
    return Rows.record(fields);
  }
}
