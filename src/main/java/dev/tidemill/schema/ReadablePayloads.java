package dev.tidemill.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DecoderFactory;

/**
 * What bytes of somebody's record say, for people: nothing is known of them, and they may be
 * broken. Not thread-safe.
 */
public final class ReadablePayloads {

  /**
   * @param form avro, json, text, or hex for what is none of these
   */
  public record Readable(String form, JsonNode content) {}

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // A number has to be shown as it was written.
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false);

  private final GenericData types = new GenericData();
  private final Registry registry;

  public ReadablePayloads(Registry registry) {
    this.registry = registry;
    types.addLogicalTypeConversion(new Conversions.DecimalConversion());
    types.addLogicalTypeConversion(new TimeConversions.DateConversion());
    types.addLogicalTypeConversion(new TimeConversions.TimeMillisConversion());
    types.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
    types.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
    types.addLogicalTypeConversion(new TimeConversions.LocalTimestampMillisConversion());
  }

  /**
   * @throws RegistryUnavailableException if it looks like Avro and the registry can not be asked
   */
  public Readable of(byte[] bytes) {
    return avro(bytes)
        .map(value -> new Readable("avro", value))
        .or(() -> text(bytes).map(ReadablePayloads::jsonOrText))
        .orElseGet(() -> new Readable("hex", TextNode.valueOf(HexFormat.of().formatHex(bytes))));
  }

  /**
   * The same in one line of text.
   *
   * @throws RegistryUnavailableException as there
   */
  public String line(byte[] bytes) {
    Readable readable = of(bytes);
    return switch (readable.form()) {
      case "hex" -> "0x" + readable.content().asText();
      case "text" -> readable.content().asText().replaceAll("\\s", " ");
      default -> readable.content().toString();
    };
  }

  private Optional<JsonNode> avro(byte[] bytes) {
    try {
      Schema schema = registry.byId(WireFormat.id(bytes));
      AvroInput in = new AvroInput();
      in.reset(bytes, WireFormat.HEADER_BYTES);
      SchemaSkipper.skip(schema, in); // Avro's own reader believes lengths
      if (in.remaining() > 0) {
        return Optional.empty();
      }
      int length = bytes.length - WireFormat.HEADER_BYTES;
      Object value =
          new GenericDatumReader<>(schema, schema, types)
              .read(
                  null,
                  DecoderFactory.get().binaryDecoder(bytes, WireFormat.HEADER_BYTES, length, null));
      return Optional.of(AvroJson.of(value));
    } catch (DecodeException
        | IOException
        | AvroRuntimeException
        | IllegalArgumentException
        | ArithmeticException
        | DateTimeException notThat) {
      return Optional.empty();
    }
  }

  /** Empty if it is no UTF-8, or holds what no text has. */
  private static Optional<String> text(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      boolean printable =
          text.chars().allMatch(c -> !Character.isISOControl(c) || Character.isWhitespace(c));
      return printable ? Optional.of(text) : Optional.empty();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static Readable jsonOrText(String text) {
    if (text.startsWith("{") || text.startsWith("[")) {
      try {
        return new Readable("json", JSON.readTree(text));
      } catch (JsonProcessingException broken) {
        // That may be why it was rejected.
      }
    }
    return new Readable("text", TextNode.valueOf(text));
  }
}
