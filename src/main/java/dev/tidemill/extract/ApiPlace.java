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
 * @param fill whether more records come to it
 * @param ids of the records of it that were seen, if they have any
 * @param before the page before it: where records were inserted or deleted meanwhile, others move
 *     over the border between both
 */
record ApiPlace(
    JsonNode at, long page, long rows, Fill fill, IdSet ids, Optional<ApiPlace> before) {
  static final ApiPlace START =
      new ApiPlace(NullNode.instance, 1, 0, Fill.OPEN, new IdSet(), Optional.empty());

  /** What is known of how many records a page will have. */
  enum Fill {
    /** It may get more, unless there is a page behind it. */
    OPEN,
    /** There is a page behind it now; what came to it before that has to be read. */
    AGAIN,
    /** It gets no more. */
    FULL
  }

  ApiPlace {
    requireNonNull(at, "at");
    requireNonNull(fill, "fill");
    requireNonNull(ids, "ids");
    requireNonNull(before, "before");
  }

  boolean isFirst() {
    return at.isNull();
  }

  boolean contains(long id) {
    return ids.contains(id) || before.filter(page -> page.contains(id)).isPresent();
  }

  ApiPlace read(long nowRows, boolean isFull, IdSet nowIds) {
    boolean isOpen = fill == Fill.OPEN && !isFull;
    // What has left it meanwhile is on the page behind it.
    IdSet both = fill == Fill.AGAIN ? IdSet.of(ids, nowIds) : nowIds;
    return new ApiPlace(at, page, nowRows, isOpen ? Fill.OPEN : Fill.FULL, both, before);
  }

  ApiPlace next(JsonNode nextAt) {
    ApiPlace left =
        new ApiPlace(at, page, rows, fill, ids, fill == Fill.FULL ? Optional.empty() : before);
    return new ApiPlace(nextAt, page + 1, 0, Fill.OPEN, new IdSet(), Optional.of(left));
  }

  /** The page before this one, which has records, if more may have come to that. */
  Optional<ApiPlace> unfinished() {
    return before
        .filter(left -> left.fill == Fill.OPEN)
        .map(
            left -> new ApiPlace(left.at, left.page, left.rows, Fill.AGAIN, left.ids, left.before));
  }

  /** How many ids there are. */
  int size() {
    return ids.size() + before.map(ApiPlace::size).orElse(0);
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("at", at);
    json.put("page", page).put("index", rows).put("fill", fill.name()).put("ids", ids.text());
    before.ifPresent(other -> json.set("before", other.json()));
    return json;
  }

  static ApiPlace of(JsonNode json) {
    return new ApiPlace(
        json.path("at"),
        json.path("page").asLong(),
        json.path("index").asLong(),
        Fill.valueOf(json.path("fill").asText(Fill.OPEN.name())),
        IdSet.parse(json.path("ids").asText()),
        Optional.of(json.path("before")).filter(JsonNode::isObject).map(ApiPlace::of));
  }
}
