package dev.tidemill.extract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.definition.Incremental;
import dev.tidemill.definition.Overlap;
import java.time.Clock;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * What an incremental reading knows. A pass asks for what is not before the largest value of the
 * passes before it, less the overlap. What comes again of that is told by what was published within
 * it; without an overlap that are the records with just the largest value. Not thread-safe.
 */
final class HighWater {
  private final Optional<String> start;
  private final Optional<Overlap> overlap;
  private final Clock clock;
  private final SeenRows<ApiValue> seen;

  private Optional<ApiValue> since = Optional.empty();
  private Optional<ApiValue> max = Optional.empty();

  /** What the next pass would ask for; never before {@link #since}. */
  private Optional<ApiValue> next = Optional.empty();

  /** The last part of what was seen before this pass, which may give any of it again. */
  private long kept;

  /** Records without a value or id: which request they come with again, nobody knows. */
  private IdSet odd = new IdSet();

  /**
   * @param source for messages
   */
  HighWater(String source, Optional<Incremental> incremental, Clock clock) {
    this.start = incremental.flatMap(Incremental::start);
    this.overlap = incremental.flatMap(Incremental::overlap);
    this.clock = clock;
    this.seen = new SeenRows<>(source, ApiValue::of, Comparator.naturalOrder());
    begin(start.map(ApiValue::of), start.map(ApiValue::of));
  }

  private void begin(Optional<ApiValue> from, Optional<ApiValue> largest) {
    since = from;
    max = largest;
    next = next();
  }

  private Optional<ApiValue> next() {
    Optional<ApiValue> begin = max.map(value -> value.minus(overlap));
    return since.filter(from -> begin.isEmpty() || from.compareTo(begin.get()) > 0).or(() -> begin);
  }

  /**
   * @param json as {@link #json} gave it
   * @param positions with what was seen
   */
  void restore(JsonNode json, Map<String, JsonNode> positions) {
    seen.restore(positions);
    odd = IdSet.parse(json.path("odd").asText());
    kept = json.path("kept").asLong();
    if (json.isMissingNode()) {
      begin(start.map(ApiValue::of), start.map(ApiValue::of));
    } else {
      begin(value(json, "since"), value(json, "max"));
    }
  }

  private static Optional<ApiValue> value(JsonNode json, String name) {
    return Optional.ofNullable(json.path(name).textValue()).map(ApiValue::of);
  }

  /** What this pass asks for; empty: everything. */
  Optional<String> since() {
    return since.map(ApiValue::toString);
  }

  /** Why a value can not be one of these; empty if it can. */
  Optional<String> problem(ApiValue value) {
    return overlap
        .filter(written -> !value.takes(written))
        .map(
            written ->
                "'%s' is no %s, of which an 'overlap' of %s can be taken"
                    .formatted(
                        value,
                        written.count() > 0 ? "number" : "time",
                        written.count() > 0 ? written.count() : written.time()));
  }

  /** Whether a record is published already, or is older than was asked for. */
  boolean isOld(ApiValue value, String id) {
    return since.filter(from -> value.compareTo(from) < 0).isPresent() || seen.contains(id);
  }

  /**
   * A record is published. A time of the future counts as now, as it would hide what comes
   * meanwhile.
   *
   * @throws dev.tidemill.definition.Unavailable if there are too many within the overlap
   */
  void published(ApiValue value, String id) {
    if (max.isEmpty() || value.compareTo(max.get()) > 0) {
      ApiValue largest = value.notAfter(clock);
      if (max.isEmpty() || largest.compareTo(max.get()) > 0) {
        max = Optional.of(largest);
        next = next();
      }
    }
    if (value.compareTo(next.orElseThrow()) >= 0) {
      seen.add(id, value);
    }
  }

  /** Whether a record without a value or id is a new one. */
  boolean addOdd(long id) {
    return odd.add(id);
  }

  /** Puts what was published since the last time into positions. */
  void save(Publication out) {
    next.ifPresent(from -> seen.forgetBefore(from, kept, out));
    seen.save(out);
  }

  /** Ends a pass. */
  void turn(Publication out) {
    save(out);
    since = next;
    since.ifPresent(from -> seen.forgetBefore(from, out));
    kept = seen.lastPart();
  }

  /** How many records {@link #json} has. */
  int size() {
    return odd.size();
  }

  /** All but what was seen. */
  JsonNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    since.ifPresent(value -> json.put("since", value.toString()));
    max.ifPresent(value -> json.put("max", value.toString()));
    return json.put("kept", kept).put("odd", odd.text());
  }
}
