package dev.tidemill.extract;

import dev.tidemill.extract.ApiServer.Asked;
import dev.tidemill.extract.ApiServer.Reply;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A list of orders that an API gives in pages. They can change while they are read. */
final class Orders {
  private static final int PAGE = 4;

  /** As JSON. */
  final List<String> all = new CopyOnWriteArrayList<>();

  static Orders numbered(int from, int to) {
    Orders orders = new Orders();
    IntStream.range(from, to).forEach(i -> orders.all.add(order(i)));
    return orders;
  }

  static String order(int id) {
    return "{\"id\": %d, \"at\": \"%s\"}".formatted(id, at(id));
  }

  /** A time that grows with the number, three orders at each. */
  static String at(int id) {
    return "2026-01-01T00:%02d:00Z".formatted(id / 3);
  }

  private List<String> page(int from, int size) {
    return all.subList(Math.min(from, all.size()), Math.min(from + size, all.size()));
  }

  private static String body(List<String> page, String more) {
    return "{\"data\": {\"items\": [" + String.join(", ", page) + "]}" + more + "}";
  }

  /** Pages, numbered from 1. */
  Reply byPage(Asked asked) {
    return Reply.json(body(page((asked.number("page", 1) - 1) * PAGE, PAGE), ""));
  }

  Reply byOffset(Asked asked) {
    return Reply.json(body(page(asked.number("offset", 0), asked.number("limit", PAGE)), ""));
  }

  /** The cursor is where the page begins; the last page has none. */
  Reply byCursor(Asked asked) {
    int from = asked.number("after", 0);
    return Reply.json(body(page(from, PAGE), next(from, ", \"meta\": {\"next\": \"%d\"}")));
  }

  Reply byLink(Asked asked) {
    int from = asked.number("from", 0);
    Reply reply = Reply.json(body(page(from, PAGE), ""));
    String next = next(from, "</orders?from=0>; rel=\"first\", </orders?from=%d>; rel=\"next\"");
    return next.isEmpty() ? reply : reply.with("Link", next);
  }

  private String next(int from, String text) {
    return from + PAGE < all.size() ? text.formatted(from + PAGE) : "";
  }

  /** All that are not before {@code since}, in pages by offset. */
  Reply since(Asked asked) {
    return ofSince(asked).byOffset(asked);
  }

  /** The same, in pages that are numbered. */
  Reply pageSince(Asked asked) {
    return ofSince(asked).byPage(asked);
  }

  private Orders ofSince(Asked asked) {
    Orders some = new Orders();
    some.all.addAll(
        all.stream().filter(order -> isSince(order, asked)).collect(Collectors.toList()));
    return some;
  }

  private static boolean isSince(String order, Asked asked) {
    String at = order.replaceAll(".*\"at\": \"([^\"]*)\".*", "$1");
    return !asked.query().containsKey("since") || at.compareTo(asked.query().get("since")) >= 0;
  }
}
