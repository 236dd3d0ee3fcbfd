package dev.tidemill.extract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What an incremental reading knows: a pass asks for what is not before the largest value of the
 * pass before it, so records that have just that value come again, and are told by their ids. Not
 * thread-safe.
 */
final class HighWater {
  private Optional<String> since;

  /** Published records with the value {@link #since}. */
  private IdSet seen;

  private Optional<String> max;

  /** Published records with the value {@link #max}. */
  private IdSet ties;

  /** Records without a value or id: which request they come with again, nobody knows. */
  private final IdSet odd;

  private HighWater(
      Optional<String> since, IdSet seen, Optional<String> max, IdSet ties, IdSet odd) {
    this.since = since;
    this.seen = seen;
    this.max = max;
    this.ties = ties;
    this.odd = odd;
  }

  /**
   * @param start what to ask for at first
   */
  static HighWater at(Optional<String> start) {
    return new HighWater(start, new IdSet(), start, new IdSet(), new IdSet());
  }

  /** What this pass asks for; empty: everything. */
  Optional<String> since() {
    return since;
  }

  /** Whether a record is published already, or is older than was asked for. */
  boolean isOld(String value, long id) {
    int order = since.map(from -> ValueOrder.INSTANCE.compare(value, from)).orElse(1);
    return order < 0 || order == 0 && seen.contains(id) || ties.contains(id);
  }

  void published(String value, long id) {
    int order = max.map(largest -> ValueOrder.INSTANCE.compare(value, largest)).orElse(1);
    if (order > 0) {
      max = Optional.of(value);
      ties = new IdSet();
    }
    if (order >= 0) {
      ties.add(id);
    }
  }

  /** Whether a record without a value or id is a new one. */
  boolean addOdd(long id) {
    return odd.add(id);
  }

  /** Ends a pass. */
  void turn() {
    if (since.equals(max)) {
      seen = IdSet.of(seen, ties);
    } else {
      seen = ties;
    }
    since = max;
    ties = new IdSet();
  }

  int size() {
    return seen.size() + ties.size() + odd.size();
  }

  JsonNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    since.ifPresent(value -> json.put("since", value));
    max.ifPresent(value -> json.put("max", value));
    return json.put("seen", seen.text()).put("ties", ties.text()).put("odd", odd.text());
  }

  static HighWater of(JsonNode json) {
    return new HighWater(
        Optional.ofNullable(json.path("since").textValue()),
        IdSet.parse(json.path("seen").asText()),
        Optional.ofNullable(json.path("max").textValue()),
        IdSet.parse(json.path("ties").asText()),
        IdSet.parse(json.path("odd").asText()));
  }
}
