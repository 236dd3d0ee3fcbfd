package dev.tidemill.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.batch.Books;
import dev.tidemill.batch.EventClock;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.SourceSpan;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** Ledger entries in JSON, with the names that {@code batches --json} uses. */
final class LedgerJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private LedgerJson() {}

  /** Which batch, and where it stands. */
  static ObjectNode head(LedgerEntry entry) {
    ObjectNode json = JSON.createObjectNode();
    json.put("pipeline", entry.pipeline());
    json.put("batch", entry.batch().id());
    json.put("end", entry.batch().end().toString());
    json.put("state", entry.state().name());
    return json;
  }

  /** The entry without what sources and shares add to it. */
  static ObjectNode summary(LedgerEntry entry) {
    ObjectNode json = head(entry);
    json.put("attempt", entry.attempt());
    json.put("closeReason", entry.closeReason().map(Enum::name).orElse(null));
    books(json, entry.books());
    json.put("rows", entry.resultRows());
    if (!entry.queryRows().isEmpty()) {
      ObjectNode queries = json.putObject("queries");
      entry.queryRows().forEach(queries::put);
    }
    ObjectNode loaded = json.putObject("loaded");
    new TreeMap<>(entry.loaded()).forEach(loaded::put);
    json.put("balanced", entry.balances());
    json.put("updatedAt", entry.updatedAt().toString());
    json.put("note", entry.note());
    QuarantineJson.put(json, entry);
    EarlyJson.put(json, entry);
    return json;
  }

  static ObjectNode whole(LedgerEntry entry) {
    ObjectNode json = summary(entry);
    ArrayNode spans = json.putArray("spans");
    List<SourceSpan> sorted =
        entry.spans().stream()
            .sorted(Comparator.comparing(SourceSpan::topic).thenComparing(SourceSpan::partition))
            .toList();
    for (SourceSpan span : sorted) {
      ObjectNode node = spans.addObject();
      node.put("topic", span.topic());
      node.put("partition", span.partition());
      node.put("firstOffset", span.firstOffset());
      node.put("lastOffset", span.lastOffset());
      node.put(
          "clockBefore",
          span.clockBefore() == EventClock.NO_TIME
              ? null
              : Instant.ofEpochMilli(span.clockBefore()).toString());
      books(node, span.books());
    }
    ArrayNode shares = json.putArray("shares");
    for (LedgerEntry.Share share : entry.shares()) {
      ObjectNode node = shares.addObject();
      node.put("heard", share.heard());
      node.put("attempt", Math.max(0, share.attempt()));
      node.put("merged", share.merged());
      node.put("rows", share.rows());
    }
    return json;
  }

  private static void books(ObjectNode json, Books books) {
    json.put("read", books.read());
    json.put("accepted", books.accepted());
    json.put("filtered", books.filtered());
    json.put("rejected", books.rejected());
    json.put("duplicate", books.duplicate());
    json.put("late", books.late());
    json.put("amended", books.amended());
    json.put("carried", books.carried());
    json.put("carriedIn", books.carriedIn());
  }
}
