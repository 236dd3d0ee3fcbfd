package dev.tidemill.extract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How far a table or query is published.
 *
 * @param rows how many are, unreadable ones included, over all readings
 * @param reading which one this is of all that is there, from 1 on; by a cursor there is one
 * @param base the last reading that has published all rows; of a table of the pipeline, others are
 *     of changes
 * @param order the columns by which they are read
 * @param last values of these in the last row of this reading; none before the first
 * @param from of the first column: below it nothing new comes any more except behind {@code last};
 *     from it on, rows that are published are in {@link SeenRows}
 * @param done when the reading was at its end
 */
record JdbcPosition(
    long rows,
    long reading,
    long base,
    List<String> order,
    List<String> last,
    Optional<String> from,
    Optional<Instant> done) {

  static JdbcPosition start(List<String> order) {
    return new JdbcPosition(0, 1, 1, order, List.of(), Optional.empty(), Optional.empty());
  }

  /** Behind one more row. */
  JdbcPosition behind(boolean isNew, List<String> lastPlace, Optional<String> overlapBegins) {
    return new JdbcPosition(
        rows + (isNew ? 1 : 0), reading, base, order, lastPlace, overlapBegins, Optional.empty());
  }

  /** Behind all that was there. */
  JdbcPosition behindAll(Optional<String> overlapBegins, Optional<Instant> now) {
    return new JdbcPosition(rows, reading, base, order, last, overlapBegins, now);
  }

  /** Before the first row again. */
  JdbcPosition nextReading() {
    return new JdbcPosition(
        rows, reading + 1, base, order, List.of(), Optional.empty(), Optional.empty());
  }

  /** This reading has published all rows. */
  JdbcPosition thatIsBase() {
    return new JdbcPosition(rows, reading, reading, order, last, from, done);
  }

  JsonNode json() {
    ObjectNode json =
        JsonNodeFactory.instance.objectNode().put("rows", rows).put("reading", reading);
    if (base > 1) {
      json.put("base", base);
    }
    json.set("order", array(order));
    json.set("last", array(last));
    from.ifPresent(value -> json.put("from", value));
    done.ifPresent(at -> json.put("doneAt", at.toString()));
    return json.put("done", done.isPresent());
  }

  private static ArrayNode array(List<String> values) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    values.forEach(array::add);
    return array;
  }

  static JdbcPosition of(JsonNode json) {
    return new JdbcPosition(
        json.path("rows").asLong(),
        json.path("reading").asLong(1),
        json.path("base").asLong(1),
        list(json.path("order")),
        list(json.path("last")),
        json.has("from") ? Optional.of(json.get("from").asText()) : Optional.empty(),
        json.path("done").asBoolean()
            ? Optional.of(Instant.parse(json.path("doneAt").asText(Instant.EPOCH.toString())))
            : Optional.empty());
  }

  private static List<String> list(JsonNode array) {
    List<String> values = new ArrayList<>();
    array.forEach(value -> values.add(value.asText()));
    return values;
  }
}
