package dev.tidemill.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

final class JsonTopicDecoderTest {
  private static final Schema SCHEMA = Rows.record("{'name': 'a', 'type': 'int'}");

  private final JsonTopicDecoder decoder = new JsonTopicDecoder(SCHEMA);

  @Test
  void json_without_a_schema_id_is_read() throws DecodeException {
    assertThat(decoder.decode(json("{'a': 7}"))).containsExactly(7);
  }

  @Test
  void json_with_a_schema_id_is_read_without_asking_for_the_schema() throws DecodeException {
    assertThat(decoder.decode(withId(4711, "{'a': 7}"))).containsExactly(7);
  }

  @Test
  void a_new_field_of_the_writer_is_ignored() throws DecodeException {
    assertThat(decoder.decode(withId(2, "{'new': {'x': [1]}, 'a': 7}"))).containsExactly(7);
  }

  @Test
  void a_value_that_the_column_can_not_hold_is_refused() {
    assertThatThrownBy(() -> decoder.decode(withId(1, "{'a': 'seven'}")))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("field 'a': int is expected, found the string 'seven'");
  }

  @Test
  void a_schema_id_with_nothing_behind_it_is_refused() {
    assertThatThrownBy(() -> decoder.decode(withId(1, ""))).isInstanceOf(DecodeException.class);
  }

  @Test
  void a_zero_byte_alone_is_no_schema_id() {
    assertThatThrownBy(() -> decoder.decode(new byte[] {0, '{', '}'}))
        .isInstanceOf(DecodeException.class);
  }

  @Test
  void a_null_is_refused() {
    assertThatThrownBy(() -> decoder.decode(null)).hasMessage("the value is null");
  }

  static byte[] json(String json) {
    return json.replace('\'', '"').getBytes(UTF_8);
  }

  static byte[] withId(int id, String json) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(WireFormat.header(id));
    bytes.writeBytes(json(json));
    return bytes.toByteArray();
  }
}
