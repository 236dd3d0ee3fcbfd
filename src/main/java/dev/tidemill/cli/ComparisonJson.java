package dev.tidemill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.server.Comparison;
import dev.tidemill.topology.Change;
import java.util.Locale;

/** What a start would do, for machines. Keys and words do not change. */
final class ComparisonJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ComparisonJson() {}

  static ObjectNode of(Comparison comparison) {
    ObjectNode start = JSON.createObjectNode();
    start.put("hasRun", comparison.hasRun());
    start.put("runs", comparison.runs());
    start.put("wouldStart", comparison.wouldStart());
    ArrayNode changes = start.putArray("changes");
    for (Change change : comparison.changes()) {
      ObjectNode node = changes.addObject();
      node.put("effect", word(change.effect()));
      node.put("kind", word(change.kind()));
      node.put("name", change.name());
      node.put("text", change.text());
    }
    ArrayNode batches = start.putArray("unfinished");
    for (Comparison.Unfinished batch : comparison.unfinished()) {
      ObjectNode node = batches.addObject();
      node.put("batch", batch.entry().batch().id());
      node.put("attempt", batch.entry().attempt());
      node.put("state", batch.entry().state().name());
      node.put("read", batch.entry().books().read());
      node.put("outlook", batch.outlook().name());
      ArrayNode waitsFor = node.putArray("waitsFor");
      batch.waitsFor().forEach(waitsFor::add);
    }
    return start;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
