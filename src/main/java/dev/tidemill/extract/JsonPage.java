package dev.tidemill.extract;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tidemill.schema.DecodeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The records of one answer, as the bytes that it has for them, so that only one of them at a time
 * is more than that in memory. Not thread-safe.
 */
final class JsonPage {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();
  private static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);

  private final byte[] body;
  private final List<Slice> records = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private boolean isFound;
  private JsonNode next = MissingNode.getInstance();

  /** Of the body's bytes. */
  private record Slice(int from, int to) {}

  private JsonPage(byte[] body) {
    this.body = body;
  }

  /**
   * @param records where the array is; null in its place is an empty one
   * @param next where the cursor of the next page is; empty: there is none
   * @throws DecodeException if it is not JSON, or there is no such array
   */
  static JsonPage parse(byte[] body, JsonPointer records, Optional<JsonPointer> next)
      throws DecodeException {
    JsonPage page = new JsonPage(body);
    try (JsonParser parser = FACTORY.createParser(body)) {
      parser.setCodec(MAPPER);
      if (parser.nextToken() == null) {
        throw new DecodeException("it is empty");
      }
      page.walk(parser, Optional.of(records), next, true);
      if (parser.nextToken() != null) {
        throw new DecodeException("something is left behind its JSON value");
      }
    } catch (JsonProcessingException e) {
      throw new DecodeException(
          "it is not JSON, or not all of it, at byte %d: %s"
              .formatted(
                  e.getLocation() == null ? 0 : e.getLocation().getByteOffset(),
                  e.getOriginalMessage()));
    } catch (IOException e) {
      throw new DecodeException("it is not JSON: " + e.getMessage());
    }
    if (!page.isFound) {
      throw new DecodeException(
          "it has nothing at 'records: %s'; its fields are %s".formatted(records, page.names));
    }
    return page;
  }

  /** An answer that says by its status that it has no content. */
  static JsonPage empty() {
    return new JsonPage(new byte[0]);
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
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      int from = (int) parser.currentTokenLocation().getByteOffset();
      if (from < 0) { // found out by its zero bytes
        throw new DecodeException("it is not UTF-8, which JSON has to be (RFC 8259)");
      }
      parser.skipChildren();
      parser.finishToken();
      records.add(new Slice(from, (int) parser.currentLocation().getByteOffset()));
    }
  }

  int size() {
    return records.size();
  }

  byte[] record(int index) {
    return Arrays.copyOfRange(body, records.get(index).from(), records.get(index).to());
  }

  /** Of all that the array has. */
  long hash() {
    return records.isEmpty()
        ? 0
        : IdSet.hash(
            Arrays.copyOfRange(body, records.get(0).from(), records.get(records.size() - 1).to()));
  }

  /** What is where the cursor should be; missing if nothing is. */
  JsonNode next() {
    return next;
  }
}
