package dev.tidemill.extract;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.JsonRowDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The records of one answer, as its bytes and as rows, which are made while it is parsed. Not
 * thread-safe.
 */
final class JsonPage {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();
  private static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);

  /**
   * Of the body: rows take several times its memory. A record that begins behind so many bytes is
   * parsed again when its row is asked for.
   */
  private static final int ROWS_BYTES = 4 << 20;

  private final byte[] body;
  private final PageLayout layout;
  private final JsonRowDecoder decoder;
  private final int rowsBytes;
  private final List<Slice> records = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private boolean isFound;
  private JsonNode next = MissingNode.getInstance();

  /**
   * Of the body's bytes.
   *
   * @param row null: it has to be decoded, which may show that it is none
   * @param values as wanted; null: they have to be looked for
   */
  private record Slice(int from, int to, Object[] row, JsonNode[] values) {
    int length() {
      return to - from;
    }
  }

  private JsonPage(byte[] body, PageLayout layout, JsonRowDecoder decoder, int rowsBytes) {
    this.body = body;
    this.layout = layout;
    this.decoder = decoder;
    this.rowsBytes = rowsBytes;
  }

  /**
   * @throws DecodeException if it is not JSON, or there is no array of records
   */
  static JsonPage parse(byte[] body, PageLayout layout, JsonRowDecoder decoder)
      throws DecodeException {
    return parse(body, layout, decoder, ROWS_BYTES);
  }

  /**
   * @param rowsBytes records that begin behind so many bytes are decoded when they are asked for
   */
  static JsonPage parse(byte[] body, PageLayout layout, JsonRowDecoder decoder, int rowsBytes)
      throws DecodeException {
    try (JsonParser parser = JsonRowDecoder.parser(body)) {
      return new JsonPage(body, layout, decoder, rowsBytes).read(parser);
    } catch (IOException e) {
      return withoutRows(body, layout, decoder);
    }
  }

  /** What is beyond the limits of a row is none, and no reason to refuse the others. */
  static JsonPage withoutRows(byte[] body, PageLayout layout, JsonRowDecoder decoder)
      throws DecodeException {
    try (JsonParser parser = FACTORY.createParser(body)) {
      return new JsonPage(body, layout, decoder, 0).read(parser);
    } catch (JsonProcessingException e) {
      throw new DecodeException(
          "it is not JSON, or not all of it, at byte %d: %s"
              .formatted(
                  e.getLocation() == null ? 0 : e.getLocation().getByteOffset(),
                  e.getOriginalMessage()));
    } catch (IOException e) {
      throw new DecodeException("it is not JSON: " + e.getMessage());
    }
  }

  private JsonPage read(JsonParser parser) throws IOException, DecodeException {
    parser.setCodec(MAPPER);
    if (parser.nextToken() == null) {
      throw new DecodeException("it is empty");
    }
    walk(parser, Optional.of(layout.records()), layout.next(), true);
    if (parser.nextToken() != null) {
      throw new DecodeException("something is left behind its JSON value");
    }
    if (!isFound) {
      throw new DecodeException(
          "it has nothing at 'records: %s'; its fields are %s".formatted(layout.records(), names));
    }
    return this;
  }

  /** An answer that says by its status that it has no content. */
  static JsonPage empty(PageLayout layout, JsonRowDecoder decoder) {
    return new JsonPage(new byte[0], layout, decoder, 0);
  }

  /** Looks for both within the value that begins here, and ends at its last token. */
  private void walk(
      JsonParser parser, Optional<JsonPointer> array, Optional<JsonPointer> cursor, boolean top)
      throws IOException, DecodeException {
    if (array.isPresent() && array.get().matches()) {
      readRecords(parser);
    } else if (cursor.isPresent() && cursor.get().matches()) {
      next = parser.readValueAsTree();
    } else if (array.isEmpty() && cursor.isEmpty()) {
      parser.skipChildren();
    } else if (parser.currentToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        if (top && names.size() < 20) {
          names.add(name);
        }
        parser.nextToken();
        walk(
            parser,
            array.map(pointer -> pointer.matchProperty(name)),
            cursor.map(pointer -> pointer.matchProperty(name)),
            false);
      }
    } else if (parser.currentToken() == JsonToken.START_ARRAY) {
      for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
        int index = i;
        walk(
            parser,
            array.map(pointer -> pointer.matchElement(index)),
            cursor.map(pointer -> pointer.matchElement(index)),
            false);
      }
    }
  }

  private void readRecords(JsonParser parser) throws IOException, DecodeException {
    isFound = true;
    records.clear();
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw new DecodeException(
          "there is no array of records where 'records' says, but something else");
    }
    PickingParser picking = new PickingParser(parser, layout.values());
    JsonStreamContext array = parser.getParsingContext();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      int from = (int) parser.currentTokenLocation().getByteOffset();
      if (from < 0) { // found out by its zero bytes
        throw new DecodeException("it is not UTF-8, which JSON has to be (RFC 8259)");
      }
      Object[] row = null;
      JsonNode[] values = null;
      if (from < rowsBytes && layout.values().isEmpty()) {
        row = row(parser, array);
      } else if (from < rowsBytes) {
        picking.begin();
        row = row(picking, array);
        values = picking.values();
      }
      parser.skipChildren();
      parser.finishToken();
      int to = (int) parser.currentLocation().getByteOffset();
      records.add(new Slice(from, to, row, values));
    }
  }

  /** Null if the record is none; why, its bytes alone tell. Ends at the record's last token. */
  private Object[] row(JsonParser parser, JsonStreamContext array) throws IOException {
    try {
      return decoder.read(parser);
    } catch (DecodeException e) {
      while (parser.getParsingContext() != array) {
        parser.nextToken();
      }
      return null;
    }
  }

  int size() {
    return records.size();
  }

  byte[] record(int index) {
    return Arrays.copyOfRange(body, records.get(index).from(), records.get(index).to());
  }

  /**
   * @throws DecodeException if the record is none of the schema
   */
  Object[] row(int index) throws DecodeException {
    Slice record = records.get(index);
    if (record.length() > RowSplitter.MAX_ROW_BYTES) {
      throw new DecodeException(RowSplitter.tooLong(record.length()));
    }
    return record.row() != null ? record.row() : decoder.decode(body, record.from(), record.to());
  }

  /**
   * The record's values that the layout names; missing where it has no single one.
   *
   * @throws DecodeException if it is beyond limits
   */
  JsonNode[] values(int index) throws DecodeException {
    Slice record = records.get(index);
    if (record.values() != null) {
      return record.values();
    }
    try (PickingParser parser =
        new PickingParser(
            FACTORY.createParser(body, record.from(), record.length()), layout.values())) {
      parser.nextToken();
      parser.begin();
      parser.skipChildren();
      return parser.values();
    } catch (IOException e) {
      throw new DecodeException("not JSON: " + e.getMessage());
    }
  }

  /** From its first record to its last. */
  ByteBuffer content() {
    if (records.isEmpty()) {
      return ByteBuffer.allocate(0);
    }
    int from = records.get(0).from();
    return ByteBuffer.wrap(body, from, records.get(records.size() - 1).to() - from);
  }

  /** What is where the cursor should be; missing if nothing is. */
  JsonNode next() {
    return next;
  }
}
