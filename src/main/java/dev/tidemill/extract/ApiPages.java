package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tidemill.definition.ApiRequest;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.Paging;
import dev.tidemill.definition.Parameter;
import dev.tidemill.definition.Unavailable;
import java.net.URI;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** How each page is asked for, and which one comes after it. Thread-safe. */
final class ApiPages {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ApiRequest api;
  private final Paging paging;
  private final Optional<Parameter> since;

  /** What one page is asked with. */
  record Request(URI url, Optional<String> body) {}

  ApiPages(Origin.Api origin) {
    this.api = origin.request();
    this.paging = origin.list().paging();
    this.since = origin.list().incremental().map(incremental -> incremental.parameter());
  }

  /** Where in an answer the next page's cursor is; empty: nowhere. */
  Optional<JsonPointer> cursor() {
    return paging instanceof Paging.Cursor cursor ? Optional.of(cursor.from()) : Optional.empty();
  }

  /**
   * @param sinceValue what an incremental pass asks for; empty: everything
   * @throws Unavailable if the body has no room for a parameter
   */
  Request request(ApiPlace place, Optional<String> sinceValue) {
    if (paging instanceof Paging.Link && !place.isFirst()) {
      return new Request(URI.create(place.at().textValue()), api.body());
    }
    Map<Parameter, JsonNode> told = new LinkedHashMap<>();
    if (since.isPresent() && sinceValue.isPresent()) {
      told.put(since.get(), TextNode.valueOf(sinceValue.get()));
    }
    if (paging instanceof Paging.Cursor cursor && !place.isFirst()) {
      told.put(cursor.parameter(), place.at());
    } else if (paging instanceof Paging.Page page) {
      told.put(page.parameter(), place.isFirst() ? IntNode.valueOf(page.first()) : place.at());
      page.limit()
          .ifPresent(limit -> told.put(limit.parameter(), IntNode.valueOf(limit.records())));
    } else if (paging instanceof Paging.Offset offset) {
      told.put(offset.parameter(), place.isFirst() ? IntNode.valueOf(0) : place.at());
      offset
          .limit()
          .ifPresent(limit -> told.put(limit.parameter(), IntNode.valueOf(limit.records())));
    }
    return new Request(url(told), api.body().map(body -> body(body, told)));
  }

  /** What another page would have to lead to for a loop. */
  JsonNode asked(ApiPlace place, Request request) {
    return paging instanceof Paging.Link ? TextNode.valueOf(request.url().toString()) : place.at();
  }

  private URI url(Map<Parameter, JsonNode> told) {
    Map<String, String> query = new LinkedHashMap<>(api.query());
    told.forEach(
        (parameter, value) -> {
          if (parameter.inBody().isEmpty()) {
            query.put(parameter.written(), value.asText());
          }
        });
    if (query.isEmpty()) {
      return api.url();
    }
    String added =
        query.entrySet().stream()
            .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
            .collect(Collectors.joining("&"));
    return URI.create(api.url() + (api.url().getRawQuery() == null ? "?" : "&") + added);
  }

  /** Every server takes %20 for a space, not every one takes +. */
  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  private String body(String written, Map<Parameter, JsonNode> told) {
    try {
      ObjectNode body = (ObjectNode) JSON.readTree(written);
      told.forEach((parameter, value) -> parameter.inBody().ifPresent(at -> put(body, at, value)));
      return body.toString();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // was read once before
    }
  }

  private static void put(ObjectNode body, JsonPointer at, JsonNode value) {
    try {
      body.withObject(at.head()).set(at.last().getMatchingProperty(), value);
    } catch (UnsupportedOperationException e) {
      throw new Unavailable(
          "The body of a source has no object around '%s', but something else; correct one of them"
              .formatted(at),
          e);
    }
  }

  /**
   * What the page behind this one is asked with; empty: this is the last one.
   *
   * @throws Unavailable if the answer has something else in its place
   */
  Optional<JsonNode> next(ApiPlace place, ApiAnswer answer, JsonPage page, String what) {
    if (paging instanceof Paging.Link) {
      return LinkHeader.next(answer.headers().allValues("Link"))
          .map(target -> link(answer.url(), target, what));
    }
    if (paging instanceof Paging.Cursor cursor) {
      return cursor(cursor, page.next(), what);
    }
    if (page.size() == 0) {
      return Optional.empty();
    }
    if (paging instanceof Paging.Page pages) {
      long number = place.isFirst() ? pages.first() : place.at().asLong();
      return Optional.of(LongNode.valueOf(number + 1));
    }
    return paging instanceof Paging.Offset
        ? Optional.of(LongNode.valueOf(place.at().asLong() + page.size()))
        : Optional.empty();
  }

  private static JsonNode link(URI from, String target, String what) {
    return ApiClient.resolved(from, target)
        .map(url -> TextNode.valueOf(url.toString()))
        .orElseThrow(() -> new Unavailable(what + ": the link to the next page is no URL"));
  }

  private static Optional<JsonNode> cursor(Paging.Cursor cursor, JsonNode found, String what) {
    if (found.isMissingNode()
        || found.isNull()
        || found.isBoolean() && !found.booleanValue()
        || found.isTextual() && found.textValue().isEmpty()) {
      return Optional.empty();
    }
    if (!found.isTextual() && !found.isNumber()) {
      throw new Unavailable(
          "%s: at '%s' there is no text or number to ask for the next page with; correct 'from'"
              .formatted(what, cursor.from()));
    }
    return Optional.of(found);
  }

  /**
   * Whether a page has as many records as it ever will. Where pages have numbers, the last one gets
   * more until it is as large as the others; everything else leads to behind the last record.
   */
  boolean isFull(ApiPlace place, int records) {
    return !(paging instanceof Paging.Page page)
        || page.limit().filter(limit -> records >= limit.records()).isPresent()
        || place.before().filter(before -> records >= before.rows()).isPresent();
  }

  /**
   * Where to look for more, when the page at a place was the last one: where pages are counted, an
   * empty one was asked for, and the next records come to the one before it.
   */
  ApiPlace last(ApiPlace place, JsonPage page) {
    return paging instanceof Paging.Page && page.size() == 0 ? place.before().orElse(place) : place;
  }

  /** Whether only the records can tell that an API gives the same page again and again. */
  boolean areCounted() {
    return paging instanceof Paging.Page || paging instanceof Paging.Offset;
  }
}
