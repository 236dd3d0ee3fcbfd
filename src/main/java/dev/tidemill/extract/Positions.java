package dev.tidemill.extract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.batch.Expected;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;

/**
 * What is published of one source: the state that {@link PositionTopic} keeps, by names that the
 * source's {@link Feed} gives. Not thread-safe.
 */
final class Positions {
  private final Map<String, JsonNode> entries = new TreeMap<>();
  private OptionalLong endedAt = OptionalLong.empty();
  private Optional<long[]> counts = Optional.empty();
  private Expected expected = Expected.NOTHING;

  /** By the names of {@link Runs}. */
  private final Map<String, JsonNode> notes = new TreeMap<>();

  /** What is kept of the source beside its positions, and is not its feed's business. */
  Optional<JsonNode> note(String name) {
    return Optional.ofNullable(notes.get(name));
  }

  Map<String, JsonNode> notes() {
    return Collections.unmodifiableMap(notes);
  }

  void note(String name, JsonNode value) {
    notes.put(name, value);
  }

  /** By their names; a view. */
  Map<String, JsonNode> entries() {
    return Collections.unmodifiableMap(entries);
  }

  void put(String name, JsonNode position) {
    entries.put(name, position);
  }

  void remove(String name) {
    entries.remove(name);
  }

  /**
   * How many records were ever published to each partition; empty if that is not known, since an
   * earlier release did not count.
   */
  Optional<long[]> counts() {
    return counts;
  }

  /** Begins to count, if nothing was published yet. */
  void countFor(int partitions) {
    if (counts.isEmpty() && entries.isEmpty()) {
      counts = Optional.of(new long[partitions]);
    }
  }

  /** One more record. */
  void count(int partition) {
    counts.ifPresent(known -> known[partition]++);
  }

  /** All rows that were ever published. */
  long rows() {
    return counts
        .map(known -> LongStream.of(known).sum())
        .orElseGet(
            () -> entries.values().stream().mapToLong(entry -> entry.path("rows").asLong()).sum());
  }

  /** How many rows there were when the end of the input was announced last. */
  void endedAt(long rows) {
    endedAt = OptionalLong.of(rows);
  }

  /** Whether the end of the input was ever announced. */
  boolean wasEnded() {
    return endedAt.isPresent();
  }

  /** Whether the end of the input is announced, and nothing came after it. */
  boolean ended() {
    return endedAt.isPresent() && endedAt.getAsLong() == rows();
  }

  /** What the topic was told last that is expected. */
  Expected expected() {
    return expected;
  }

  void expected(Expected told) {
    expected = told;
  }

  /** What is of the source itself, and not of a part of it. */
  JsonNode total() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("rows", rows());
    endedAt.ifPresent(rows -> json.put("endedAt", rows));
    if (expected.isTold()) {
      json.put("expected", expected.rows()).put("unconfirmed", expected.unconfirmed());
    }
    counts.ifPresent(
        known -> {
          ArrayNode all = json.putArray("counts");
          LongStream.of(known).forEach(all::add);
        });
    return json;
  }

  /** Takes up a {@link #total}. */
  void total(JsonNode json) {
    endedAt =
        json.has("endedAt") ? OptionalLong.of(json.get("endedAt").asLong()) : OptionalLong.empty();
    expected =
        json.has("expected")
            ? new Expected(json.get("expected").asLong(), json.path("unconfirmed").asLong())
            : Expected.NOTHING;
    counts =
        json.has("counts")
            ? Optional.of(
                StreamSupport.stream(json.get("counts").spliterator(), false)
                    .mapToLong(JsonNode::asLong)
                    .toArray())
            : Optional.empty();
  }
}
