package dev.tidemill.extract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What is published of one source: the state that {@link PositionTopic} keeps, by names that the
 * source's {@link Feed} gives. Not thread-safe.
 */
final class Positions {
  private final Map<String, JsonNode> entries = new TreeMap<>();
  private OptionalLong endedAt = OptionalLong.empty();

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

  /** All that were ever published. */
  long rows() {
    return entries.values().stream().mapToLong(entry -> entry.path("rows").asLong()).sum();
  }

  /** How many rows there were when the end of the input was announced last. */
  void endedAt(long rows) {
    endedAt = OptionalLong.of(rows);
  }

  /** Whether the end of the input is announced, and nothing came after it. */
  boolean ended() {
    return endedAt.isPresent() && endedAt.getAsLong() == rows();
  }
}
