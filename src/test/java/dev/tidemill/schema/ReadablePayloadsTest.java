package dev.tidemill.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the bytes of a rejected record say. */
final class ReadablePayloadsTest {
  private final InMemoryRegistry registry = new InMemoryRegistry();
  private final ReadablePayloads payloads = new ReadablePayloads(registry);

  @Test
  void avro_is_decoded_with_its_writers_schema_and_its_logical_types_are_readable() {
    RowEncoder encoder = RowEncoder.register(registry, "rows-value", Rows.SCHEMA);
    ReadablePayloads.Readable row = payloads.of(encoder.encode(Rows.full()));
    assertThat(row.form()).isEqualTo("avro");
    assertThat(row.content().get("yes").isBoolean()).isTrue();
    assertThat(row.content().get("price").isNumber()).isTrue();
    assertThat(row.content().get("day").asText()).matches("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    assertThat(row.content().get("millis").asText()).endsWith("Z");
    assertThat(row.content().get("hash").asText()).matches("[0-9a-f]{8}");
  }

  @Test
  void json_is_json_with_its_numbers_as_they_were_written() {
    ReadablePayloads.Readable json = of("{\"price\": 1.10, \"big\": 12345678901234567890.5}");
    assertThat(json.form()).isEqualTo("json");
    assertThat(json.content().toString())
        .isEqualTo("{\"price\":1.10,\"big\":12345678901234567890.5}");
  }

  @Test
  void broken_json_and_csv_are_text() {
    assertThat(of("{\"price\": ").form()).isEqualTo("text");
    assertThat(of("{} {}").form()).isEqualTo("text");
    assertThat(of("JFK,10,\"Ünïcode\"").content().asText()).isEqualTo("JFK,10,\"Ünïcode\"");
  }

  @Test
  void what_is_no_text_is_hex_also_avro_that_is_cut_or_of_an_unknown_schema() {
    assertThat(payloads.of(new byte[] {(byte) 0xff, 0x01}))
        .isEqualTo(
            new ReadablePayloads.Readable(
                "hex", com.fasterxml.jackson.databind.node.TextNode.valueOf("ff01")));
    assertThat(payloads.of(new byte[] {0, 0, 0, 0, 99, 1}).form()).isEqualTo("hex");
    byte[] whole = RowEncoder.register(registry, "v", Rows.SCHEMA).encode(Rows.full());
    assertThat(payloads.of(java.util.Arrays.copyOf(whole, whole.length - 3)).form())
        .isEqualTo("hex");
  }

  private ReadablePayloads.Readable of(String text) {
    return payloads.of(text.getBytes(UTF_8));
  }
}
