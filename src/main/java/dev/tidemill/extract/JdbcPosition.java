package dev.tidemill.extract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How far a table or query is published.
 *
 * @param rows how many are, unreadable ones included
 * @param order the columns by which they are read
 * @param last values of these in the last row; none before the first
 * @param from of the first column: below it nothing new comes any more except behind {@code last};
 *     from it on, rows that are published are in {@link SeenRows}
 * @param done whether there is nothing to come
 */
record JdbcPosition(
    long rows, List<String> order, List<String> last, Optional<String> from, boolean done) {

  static JdbcPosition start(List<String> order) {
    return new JdbcPosition(0, order, List.of(), Optional.empty(), false);
  }

  JsonNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("rows", rows);
    json.set("order", array(order));
    json.set("last", array(last));
    from.ifPresent(value -> json.put("from", value));
    return json.put("done", done);
  }

  private static ArrayNode array(List<String> values) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    values.forEach(array::add);
    return array;
  }

  static JdbcPosition of(JsonNode json) {
    return new JdbcPosition(
        json.path("rows").asLong(),
        list(json.path("order")),
        list(json.path("last")),
        json.has("from") ? Optional.of(json.get("from").asText()) : Optional.empty(),
        json.path("done").asBoolean());
  }

  private static List<String> list(JsonNode array) {
    List<String> values = new ArrayList<>();
    array.forEach(value -> values.add(value.asText()));
    return values;
  }
}
