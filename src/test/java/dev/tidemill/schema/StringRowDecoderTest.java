package dev.tidemill.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

final class StringRowDecoderTest {
  private static final Schema LINE = Rows.record("{'name': 'line', 'type': 'string'}");

  @Test
  void the_whole_value_is_the_column() throws DecodeException {
    String text = " h\u00e9llo,\n\"\ud83c\udf0a\" ";
    assertThat(new StringRowDecoder(LINE).decode(text.getBytes(UTF_8))).containsExactly(text);
  }

  @Test
  void an_empty_value_is_an_empty_text() throws DecodeException {
    assertThat(new StringRowDecoder(LINE).decode(new byte[0])).containsExactly("");
  }

  @Test
  void what_is_not_utf_8_is_refused() {
    assertThatThrownBy(() -> new StringRowDecoder(LINE).decode(new byte[] {(byte) 0xff}))
        .hasMessage("the text is not UTF-8");
  }

  @Test
  void a_schema_of_anything_else_is_refused() {
    assertThatThrownBy(() -> new StringRowDecoder(Rows.record("{'name': 'a', 'type': 'int'}")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
