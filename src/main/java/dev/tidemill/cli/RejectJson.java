package dev.tidemill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.schema.Headers;
import dev.tidemill.schema.ReadablePayloads;
import dev.tidemill.schema.Reject;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** One reject as JSON: where it was, what is wrong with it, and all that it held. */
final class RejectJson {
  private final ObjectMapper mapper = new ObjectMapper();
  private final ReadablePayloads payloads;

  RejectJson(ReadablePayloads payloads) {
    this.payloads = payloads;
  }

  /**
   * @param offset in the rejects topic
   */
  ObjectNode of(long offset, Reject reject) {
    ObjectNode node = mapper.createObjectNode();
    node.put("reject", offset);
    node.put("place", reject.place());
    line(reject).ifPresent(line -> node.put("line", line));
    node.put("time", time(reject.timestamp()));
    node.put("batch", reject.batch().map(Instant::toString).orElse(null));
    node.put("step", reject.step());
    node.put("reason", reject.reason());
    put(node, "key", reject.key(), reject.keyCut());
    put(node, "value", reject.value(), reject.valueCut());
    ArrayNode headers = node.putArray("headers");
    for (Reject.RejectHeader header : reject.headers()) {
      ObjectNode one = headers.addObject();
      one.put("name", header.name());
      one.set("value", header.value().map(v -> payloads.of(v).content()).orElse(null));
    }
    if (reject.droppedHeaders() > 0) {
      node.put("droppedHeaders", reject.droppedHeaders());
    }
    return node;
  }

  private void put(ObjectNode node, String part, Optional<byte[]> bytes, Optional<Reject.Cut> cut) {
    Optional<ReadablePayloads.Readable> readable = bytes.map(payloads::of);
    node.set(part, readable.map(ReadablePayloads.Readable::content).orElse(null));
    readable.ifPresent(of -> node.put(part + "Form", of.form()));
    cut.ifPresent(
        whole -> {
          node.put(part + "Bytes", whole.bytes());
          node.put(part + "Sha256", whole.sha256());
        });
  }

  /** {@code file:line}, if an extractor of ours has published it. */
  static Optional<String> line(Reject reject) {
    return reject.headers().stream()
        .filter(header -> header.name().equals(Headers.ID))
        .flatMap(header -> header.value().stream())
        .map(value -> new String(value, StandardCharsets.UTF_8))
        .findFirst();
  }

  /** A producer can write any number there. */
  static String time(long millis) {
    try {
      return Instant.ofEpochMilli(millis).toString();
    } catch (DateTimeException e) {
      return millis + " ms";
    }
  }
}
