package dev.tidemill.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

final class ShortStringsTest {
  private final ShortStrings strings = new ShortStrings();

  @Property
  void whatever_was_read_before_the_text_is_that_of_the_bytes(
      @ForAll @Size(max = 60) List<@Size(max = 16) byte[]> texts) {
    for (int i = 0; i < 3; i++) {
      for (byte[] text : texts) {
        byte[] among = new byte[3 + text.length + i * 20];
        java.util.Arrays.fill(among, (byte) 'x');
        System.arraycopy(text, 0, among, 3, text.length);
        assertThat(strings.of(among, 3, text.length)).isEqualTo(new String(text, UTF_8));
      }
    }
  }

  @Example
  void a_text_is_not_taken_for_one_with_zeros_behind_it() {
    byte[] bytes = new byte[40];
    bytes[0] = 'a';
    assertThat(strings.of(bytes, 0, 1)).isEqualTo("a");
    assertThat(strings.of(bytes, 0, 2)).isEqualTo("a\0");
    assertThat(strings.of(bytes, 0, 16)).hasSize(16);
    assertThat(strings.of(bytes, 1, 0)).isEmpty();
  }

  @Example
  void a_text_that_comes_again_is_the_same_object() {
    byte[] bytes = "PAID, and what follows it".getBytes(UTF_8);
    assertThat(strings.of(bytes, 0, 4)).isSameAs(strings.of(bytes, 0, 4));
  }
}
