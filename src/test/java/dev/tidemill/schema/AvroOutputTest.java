package dev.tidemill.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

final class AvroOutputTest {

  @Property(tries = 300)
  void texts_are_written_as_avro_writes_them(@ForAll("texts") List<String> texts)
      throws IOException {
    AvroOutput out = new AvroOutput();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    for (String text : texts) {
      out.writeString(text);
      encoder.writeString(text);
    }
    encoder.flush();
    assertThat(out.toByteArray()).isEqualTo(bytes.toByteArray());
  }

  /** Of all lengths around one that takes another byte, and more than a buffer is long. */
  @Provide
  Arbitrary<List<String>> texts() {
    return Arbitraries.oneOf(
            Arbitraries.strings().ascii().ofMaxLength(70),
            Arbitraries.strings().ofMaxLength(70),
            Arbitraries.strings().ascii().ofMinLength(62).ofMaxLength(65))
        .list()
        .ofMaxSize(20);
  }
}
