package dev.tidemill.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.SourceCounts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The counts of sources, and which batches they hold back. */
public final class SourcesJson {
  private final Map<SourceCounts, List<String>> differences = new LinkedHashMap<>();

  /**
   * @param inWords what does not agree in the counts of a source
   */
  public SourcesJson(List<SourceCounts> sources, Function<SourceCounts, List<String>> inWords) {
    sources.forEach(source -> differences.put(source, inWords.apply(source)));
  }

  static SourcesJson of(RunProgress progress) {
    return new SourcesJson(progress.sources(), progress::differences);
  }

  /** Adds {@code heldBack}, why the batch is not published, if the counts of a source are why. */
  public void putHeldBack(ObjectNode json, LedgerEntry entry) {
    differences.forEach(
        (source, words) -> {
          if (source.holdBack(entry)) {
            words.forEach(json.withArray("heldBack")::add);
          }
        });
  }

  /** Adds {@code sources}, those that the batch has records of. */
  public void put(ObjectNode json, LedgerEntry entry) {
    ArrayNode array = json.putArray("sources");
    differences.forEach(
        (source, words) -> {
          if (entry.spans().stream().anyMatch(span -> span.topic().equals(source.topic()))) {
            put(array.addObject(), source, words);
          }
        });
  }

  /** Adds {@code sources}, all of them. */
  void put(ObjectNode json) {
    ArrayNode array = json.putArray("sources");
    differences.forEach((source, words) -> put(array.addObject(), source, words));
  }

  private static void put(ObjectNode json, SourceCounts source, List<String> words) {
    json.put("topic", source.topic());
    json.put("expected", source.expected().isPresent() ? source.expected().getAsLong() : null);
    json.put("unconfirmed", source.unconfirmed());
    json.put("extracted", source.extracted().isPresent() ? source.extracted().getAsLong() : null);
    json.put("missing", source.missing());
    json.put("read", source.read());
    json.put("withoutBatch", source.withoutBatch());
    words.forEach(json.putArray("differences")::add);
  }
}
