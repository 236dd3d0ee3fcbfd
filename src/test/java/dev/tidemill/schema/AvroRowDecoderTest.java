package dev.tidemill.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Other writers, and bytes that nobody should have written. */
final class AvroRowDecoderTest {
  private static final String DECIMAL =
      "{'name': 'a', 'type': {'type': 'bytes', 'logicalType': 'decimal', 'precision': %d,"
          + " 'scale': %d}}";

  private final InMemoryRegistry registry = new InMemoryRegistry();

  @Test
  void a_writers_new_field_does_not_matter() throws DecodeException {
    byte[] bytes = write("{'name': 'new', 'type': 'string'}, {'name': 'a', 'type': 'int'}", "x", 7);
    assertThat(read("{'name': 'a', 'type': 'int'}", bytes)).containsExactly(7);
  }

  @Test
  void a_field_that_the_writer_lacks_has_its_default() throws DecodeException {
    byte[] bytes = write("{'name': 'a', 'type': 'int'}", 7);
    assertThat(
            read("{'name': 'b', 'type': 'int', 'default': 3}, {'name': 'a', 'type': 'int'}", bytes))
        .containsExactly(3, 7);
  }

  @Test
  void a_nullable_field_that_the_writer_lacks_is_null() throws DecodeException {
    byte[] bytes = write("{'name': 'a', 'type': 'int'}", 7);
    assertThat(read("{'name': 'a', 'type': 'long'}, {'name': 'b', 'type': ['int', 'null']}", bytes))
        .containsExactly(7L, null);
  }

  @Test
  void an_int_is_promoted_to_a_double() throws DecodeException {
    byte[] bytes = write("{'name': 'a', 'type': 'int'}", 7);
    assertThat(read("{'name': 'a', 'type': 'double'}", bytes)).containsExactly(7.0);
  }

  @Test
  void a_plain_long_is_read_as_a_timestamp() throws DecodeException {
    byte[] bytes = write("{'name': 'a', 'type': 'long'}", 7L);
    assertThat(read(logical("long", "timestamp-millis"), bytes)).containsExactly(7L);
  }

  @Test
  void a_writers_micros_are_read_as_milliseconds() throws DecodeException {
    byte[] bytes = write(logical("long", "timestamp-micros"), 7L);
    assertThat(read(logical("long", "timestamp-millis"), bytes)).containsExactly(7L);
  }

  @Test
  void micros_are_converted_in_a_promoted_record_too() throws DecodeException {
    byte[] bytes =
        write(logical("long", "timestamp-micros") + ", {'name': 'b', 'type': 'int'}", 7L, 1);
    assertThat(read(logical("long", "timestamp-millis") + ", {'name': 'b', 'type': 'long'}", bytes))
        .containsExactly(7L, 1L);
  }

  @Test
  void a_renamed_field_is_found_by_its_alias() throws DecodeException {
    byte[] bytes = write("{'name': 'old', 'type': 'int'}", 7);
    assertThat(read("{'name': 'a', 'type': 'int', 'default': 0, 'aliases': ['old']}", bytes))
        .containsExactly(7);
  }

  @Test
  void an_incompatible_writer_is_refused_with_field_and_reason() {
    byte[] bytes = write("{'name': 'a', 'type': 'string'}", "x");
    assertThatThrownBy(() -> read("{'name': 'a', 'type': 'int'}", bytes))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("field 'a': int is expected, string is written");
  }

  @Test
  void a_decimal_of_another_scale_is_refused() {
    byte[] bytes = write(DECIMAL.formatted(6, 3), new BigDecimal("1.234"));
    assertThatThrownBy(() -> read(DECIMAL.formatted(6, 2), bytes))
        .hasMessageContaining("decimal(6,2) is expected, decimal(6,3) is written");
  }

  @Test
  void a_decimal_with_too_many_digits_is_refused() {
    byte[] bytes = write(DECIMAL.formatted(9, 2), new BigDecimal("1234567.89"));
    assertThatThrownBy(() -> read(DECIMAL.formatted(4, 2), bytes))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("field 'a'");
  }

  @Test
  void a_null_for_a_field_that_is_not_nullable_is_refused() {
    byte[] bytes = write("{'name': 'a', 'type': ['null', 'int']}", new Object[] {null});
    assertThatThrownBy(() -> read("{'name': 'a', 'type': 'int'}", bytes))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("field 'a' is null");
  }

  @Test
  void a_tombstone_is_refused() {
    assertRefused(null, "the value is null");
  }

  @Test
  void a_wrong_magic_byte_is_refused() {
    assertRefused("{\"a\": 7}".getBytes(UTF_8), "0x7b");
  }

  @Test
  void an_unknown_id_is_refused() {
    assertRefused(new byte[] {0, 0, 0, 0, 99, 14}, "99");
  }

  @Test
  void a_record_that_is_cut_off_is_refused() {
    byte[] bytes = write("{'name': 'a', 'type': 'int'}", 1 << 30);
    assertRefused(Arrays.copyOf(bytes, bytes.length - 1), "cut off");
  }

  @Test
  void bytes_behind_the_record_are_refused() {
    byte[] bytes = write("{'name': 'a', 'type': 'int'}", 7);
    assertRefused(Arrays.copyOf(bytes, bytes.length + 2), "2 bytes are left");
  }

  @Test
  void an_absurd_length_is_refused_before_anything_is_allocated() {
    byte[] bytes = write("{'name': 'a', 'type': 'long'}", Long.MAX_VALUE / 2);
    ByteBuffer.wrap(bytes)
        .putInt(1, registry.register("s", Rows.record("{'name': 'a', 'type': 'string'}")));
    assertThatThrownBy(() -> read("{'name': 'a', 'type': 'string'}", bytes))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("field 'a': a length of");
  }

  @Test
  void text_that_is_not_utf8_is_refused() {
    byte[] bytes = write("{'name': 'a', 'type': 'string'}", "x");
    bytes[bytes.length - 1] = (byte) 0xFF;
    assertThatThrownBy(() -> read("{'name': 'a', 'type': 'string'}", bytes))
        .hasMessageContaining("not UTF-8");
  }

  @Test
  void a_registry_that_does_not_answer_is_no_data_error() {
    Registry down =
        new Registry() {
          @Override
          public int register(String subject, Schema schema) {
            throw new RegistryUnavailableException("down", null);
          }

          @Override
          public Schema byId(int id) {
            throw new RegistryUnavailableException("down", null);
          }

          @Override
          public Optional<Schema> latest(String subject) {
            throw new RegistryUnavailableException("down", null);
          }
        };
    AvroRowDecoder decoder = new AvroRowDecoder(Rows.record("{'name': 'a', 'type': 'int'}"), down);
    assertThatThrownBy(() -> decoder.decode(new byte[] {0, 0, 0, 0, 1, 14}))
        .isInstanceOf(RegistryUnavailableException.class);
  }

  private void assertRefused(byte[] bytes, String why) {
    assertThatThrownBy(() -> read("{'name': 'a', 'type': 'int'}", bytes))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining(why);
  }

  private static String logical(String type, String logical) {
    return "{'name': 'a', 'type': {'type': '" + type + "', 'logicalType': '" + logical + "'}}";
  }

  private byte[] write(String fields, Object... row) {
    return RowEncoder.register(registry, fields, Rows.record(fields)).encode(row);
  }

  private Object[] read(String fields, byte[] bytes) throws DecodeException {
    return new AvroRowDecoder(Rows.record(fields), registry).decode(bytes);
  }
}
