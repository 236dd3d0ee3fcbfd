package dev.tidemill.cli;

import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import dev.tidemill.query.RejectsView;
import dev.tidemill.schema.ConfluentRegistry;
import dev.tidemill.schema.Reject;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Why records were rejected: the most frequent reasons at the end of a run. */
final class RejectSummary {
  /** More would take longer than anybody wants to wait for a summary. */
  private static final int READ = 100_000;

  private static final int REASONS = 5;

  private RejectSummary() {}

  /**
   * Prints nothing if nothing is rejected.
   *
   * @throws dev.tidemill.definition.Unavailable if the rejects can not be read
   */
  static void print(Topics topics, ServerSettings server, PrintWriter out) throws IOException {
    RejectCounts counts = new RejectCounts();
    long[] read = new long[1];
    long[] newest = new long[1];
    try (ConfluentRegistry registry = new ConfluentRegistry(server.registry());
        RejectsView rejects = new RejectsView(topics, registry, server)) {
      rejects.readLast(
          READ,
          (offset, reject) -> {
            read[0]++;
            newest[0] = Math.max(newest[0], reject.timestamp());
            counts.add(reject);
            return true;
          });
    }
    List<Map.Entry<RejectKind, Long>> reasons =
        counts.byReason().entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .toList();
    if (reasons.isEmpty()) {
      return;
    }
    out.println();
    out.printf(
        "Why, of the last %s rejects ('tidemill rejects %s show' has them), the newest of %s:%n",
        LedgerTable.number(read[0]), topics.pipeline(), RejectJson.time(newest[0]));
    reasons.stream()
        .limit(REASONS)
        .forEach(entry -> out.println("  " + line(entry.getValue(), counts.first(entry.getKey()))));
    if (reasons.size() > REASONS) {
      out.printf("  and %d other reasons%n", reasons.size() - REASONS);
    }
    out.flush();
  }

  private static String line(long count, Reject first) {
    return "%s like %s%s: %s: %s"
        .formatted(
            LedgerTable.number(count),
            first.place(),
            RejectJson.line(first)
                .filter(row -> !first.reason().startsWith(row))
                .map(row -> " (" + row + ")")
                .orElse(""),
            first.step(),
            first.reason());
  }
}
