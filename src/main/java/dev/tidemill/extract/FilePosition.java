package dev.tidemill.extract;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * How far a file is published.
 *
 * @param next the first row that is not
 * @param bytes how much of the file on the disk was needed for that
 * @param rows how many are, unreadable ones included
 * @param fingerprint of what was read
 * @param done whether this was the end of the file
 */
record FilePosition(Place next, long bytes, long rows, Fingerprint fingerprint, boolean done) {
  static final FilePosition START =
      new FilePosition(Place.START, 0, 0, new Fingerprint(0, 0), false);

  FilePosition {
    requireNonNull(next, "next");
    requireNonNull(fingerprint, "fingerprint");
  }

  /** As it is in the {@link PositionTopic}. */
  JsonNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("offset", next.offset())
        .put("behind", next.behind())
        .put("line", next.line())
        .put("bytes", bytes)
        .put("rows", rows)
        .put("fingerprintBytes", fingerprint.bytes())
        .put("fingerprint", fingerprint.crc())
        .put("done", done);
  }

  static FilePosition of(JsonNode json) {
    return new FilePosition(
        new Place(
            json.path("offset").asLong(), json.path("behind").asLong(), json.path("line").asLong()),
        json.path("bytes").asLong(),
        json.path("rows").asLong(),
        new Fingerprint(json.path("fingerprintBytes").asInt(), json.path("fingerprint").asLong()),
        json.path("done").asBoolean());
  }
}
