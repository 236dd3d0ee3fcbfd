package dev.tidemill.extract;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A page of an API's list, and what is published of it.
 *
 * @param at what the page is asked with: a link, a cursor, a number or an offset; null: it is the
 *     first one
 * @param page counted from 1, for people
 * @param rows of it that were seen
 * @param ids of the records of it that were seen, if they have any
 * @param before the page before it: where records were inserted or deleted meanwhile, others move
 *     over the border between both
 */
record ApiPlace(JsonNode at, long page, long rows, IdSet ids, Optional<ApiPlace> before) {
  static final ApiPlace START =
      new ApiPlace(NullNode.instance, 1, 0, new IdSet(), Optional.empty());

  ApiPlace {
    requireNonNull(at, "at");
    requireNonNull(ids, "ids");
    requireNonNull(before, "before");
  }

  boolean isFirst() {
    return at.isNull();
  }

  boolean contains(long id) {
    return ids.contains(id) || before.filter(page -> page.ids.contains(id)).isPresent();
  }

  ApiPlace read(long nowRows, IdSet nowIds) {
    return new ApiPlace(at, page, nowRows, nowIds, before);
  }

  ApiPlace next(JsonNode nextAt) {
    ApiPlace alone = new ApiPlace(at, page, rows, ids, Optional.empty());
    return new ApiPlace(nextAt, page + 1, 0, new IdSet(), Optional.of(alone));
  }

  int size() {
    return ids.size() + before.map(page -> page.ids.size()).orElse(0);
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("at", at);
    json.put("page", page).put("index", rows).put("ids", ids.text());
    before.ifPresent(other -> json.set("before", other.json()));
    return json;
  }

  static ApiPlace of(JsonNode json) {
    return new ApiPlace(
        json.path("at"),
        json.path("page").asLong(),
        json.path("index").asLong(),
        IdSet.parse(json.path("ids").asText()),
        Optional.of(json.path("before")).filter(JsonNode::isObject).map(ApiPlace::of));
  }
}
