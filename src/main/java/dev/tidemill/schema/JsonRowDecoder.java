package dev.tidemill.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.function.Function;
import org.apache.avro.Schema;

/**
 * Reads one JSON object as a row. Fields that the schema does not have are ignored; one that the
 * object lacks has the schema's default, or is null if it is nullable. Numbers are never rounded to
 * fit an integer or a decimal; times are ISO-8601 (without offset: UTC) or ms since the epoch;
 * bytes are Base64. Not thread-safe: one per task.
 */
public final class JsonRowDecoder implements RowDecoder {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(100)
                  .maxNumberLength(TextValue.MAX_NUMBER_CHARS)
                  .maxStringLength(16 << 20)
                  .maxNameLength(1_000)
                  .build())
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .build();

  private final JsonObject fields;

  /**
   * @throws IllegalArgumentException if it is no record schema
   */
  public JsonRowDecoder(Schema schema) {
    this(schema, JsonValue::of);
  }

  JsonRowDecoder(Schema schema, Function<Column, JsonValue> valueOf) {
    this.fields = new JsonObject(Column.of(schema), valueOf);
  }

  @Override
  public Object[] decode(byte[] bytes) throws DecodeException {
    if (bytes == null) {
      throw new DecodeException("the value is null");
    }
    return decode(bytes, 0, bytes.length);
  }

  /**
   * @param from where the object begins
   * @param to behind it
   */
  public Object[] decode(byte[] bytes, int from, int to) throws DecodeException {
    try (JsonParser parser = parser(bytes, from, to)) {
      parser.nextToken();
      Object[] row = read(parser);
      if (parser.nextToken() != null) {
        throw new DecodeException("something is left behind the JSON object: " + found(parser));
      }
      return row;
    } catch (JsonProcessingException e) {
      throw notJson(e);
    } catch (IOException e) {
      throw new DecodeException("not JSON: " + e.getMessage());
    }
  }

  /**
   * Reads a value within a document.
   *
   * @param parser one of {@link #parser}, at the value's first token; afterwards at its last one,
   *     or anywhere within it if that is not a row
   * @throws IOException if it is not JSON, or beyond the limits of a row
   * @throws DecodeException if it is no object of the schema
   */
  public Object[] read(JsonParser parser) throws IOException, DecodeException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new DecodeException("a JSON object is expected, found " + found(parser));
    }
    return fields.read(parser);
  }

  /** A parser of a whole document, with the limits that a row has. */
  public static JsonParser parser(byte[] document) throws IOException {
    return parser(document, 0, document.length);
  }

  static JsonParser parser(byte[] bytes, int from, int to) throws IOException {
    return JSON.createParser(bytes, from, to - from);
  }

  static DecodeException notJson(JsonProcessingException e) {
    return new DecodeException(
        "not JSON, at character %d: %s"
            .formatted(
                e.getLocation() == null ? 0 : e.getLocation().getColumnNr(),
                e.getOriginalMessage()));
  }

  static String found(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      return "nothing";
    }
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "the string '" + shortened(parser.getText()) + "'";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "the number " + shortened(parser.getText());
      default -> shortened(parser.getText());
    };
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }
}
