package dev.tidemill.schema;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * An envelope in JSON, bare or, as Connect's converter writes it with {@code schemas.enable}, in
 * {@code payload} beside its schema. Not thread-safe.
 */
final class DebeziumJson {
  private static final int NULL = -1;
  private static final int MISSING = -2;

  private final JsonRowDecoder rows;
  private final JsonRowDecoder rowsBefore;

  DebeziumJson(Schema reader, Schema before) {
    this.rows = new JsonRowDecoder(reader, JsonValue::ofDebezium);
    this.rowsBefore = new JsonRowDecoder(before, JsonValue::ofDebezium);
  }

  Change decode(byte[] bytes, int from) throws DecodeException {
    Envelope envelope = new Envelope(bytes);
    try (JsonParser parser = JsonRowDecoder.parser(bytes, from, bytes.length)) {
      parser.nextToken();
      envelope.read(parser, from);
      if (parser.nextToken() != null) {
        throw new DecodeException(
            "something is left behind the JSON object: " + JsonRowDecoder.found(parser));
      }
    } catch (JsonProcessingException e) {
      throw JsonRowDecoder.notJson(e);
    } catch (IOException e) {
      throw new DecodeException("not JSON: " + e.getMessage());
    }
    if (envelope.op.isEmpty()) {
      throw new DecodeException(
          "no Debezium envelope: it has no text 'op'. If a transform unwraps the envelopes, write"
              + " format: json");
    }
    return DebeziumDecoder.change(envelope.op.get(), envelope);
  }

  /** Where the parts of an envelope are; the rows are read from there, with all their digits. */
  private final class Envelope implements DebeziumDecoder.Rows {
    private final byte[] bytes;
    private Optional<String> op = Optional.empty();
    private final int[] before = {MISSING, MISSING};
    private final int[] after = {MISSING, MISSING};

    Envelope(byte[] bytes) {
      this.bytes = bytes;
    }

    void read(JsonParser parser, int base) throws IOException, DecodeException {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw new DecodeException(
            "a JSON object is expected, found " + JsonRowDecoder.found(parser));
      }
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        JsonToken token = parser.nextToken();
        switch (name) {
          case "payload" -> {
            if (token == JsonToken.START_OBJECT) {
              read(parser, base);
            }
          }
          case "op" -> op = Optional.ofNullable(parser.getValueAsString());
          case "before" -> span(parser, base, before);
          case "after" -> span(parser, base, after);
          default -> parser.skipChildren();
        }
      }
    }

    private void span(JsonParser parser, int base, int[] span) throws IOException, DecodeException {
      long start = parser.currentTokenLocation().getByteOffset();
      if (start < 0) { // the parser has found UTF-16 or UTF-32, where it does not count bytes
        throw new DecodeException("the text is not UTF-8");
      }
      if (parser.currentToken() == JsonToken.VALUE_NULL) {
        span[0] = NULL;
        return;
      }
      parser.skipChildren();
      span[0] = base + (int) start;
      span[1] = base + (int) parser.currentLocation().getByteOffset();
    }

    @Override
    public Optional<Object[]> before() throws DecodeException {
      return row(before, rowsBefore);
    }

    @Override
    public Optional<Object[]> after() throws DecodeException {
      return row(after, rows);
    }

    private Optional<Object[]> row(int[] span, JsonRowDecoder decoder) throws DecodeException {
      return span[0] < 0 ? Optional.empty() : Optional.of(decoder.decode(bytes, span[0], span[1]));
    }
  }
}
