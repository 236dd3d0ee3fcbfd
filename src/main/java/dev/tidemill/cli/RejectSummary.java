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

/** Why records were rejected in a run: the most frequent reasons at its end. */
final class RejectSummary {
  /** More would take longer than anybody wants to wait for a summary. */
  private static final int READ = 100_000;

  private static final int REASONS = 5;

  private RejectSummary() {}

  /**
   * Prints nothing if nothing is rejected.
   *
   * @param from the first offset of the rejects topic that is of this run
   * @throws dev.tidemill.definition.Unavailable if the rejects can not be read
   */
  static void print(Topics topics, ServerSettings server, long from, PrintWriter out)
      throws IOException {
    RejectCounts counts = new RejectCounts();
    long[] earlier = new long[1];
    boolean all;
    try (ConfluentRegistry registry = new ConfluentRegistry(server.registry());
        RejectsView rejects = new RejectsView(topics, registry, server)) {
      all =
          rejects.readLast(
              READ,
              (offset, reject) -> {
                if (offset < from) {
                  earlier[0]++;
                } else {
                  counts.add(reject);
                }
                return true;
              });
    }
    if (!counts.byKind().isEmpty()) {
      out.println();
      boolean cut = !all && earlier[0] == 0;
      print(counts, (cut ? "last " : ""), showing(topics, from), out);
    }
    if (earlier[0] > 0) {
      out.println();
      out.printf(
          "Rejects of earlier runs: %s%s%n",
          all ? "" : "at least ", LedgerTable.number(earlier[0]));
    }
    out.flush();
  }

  private static String showing(Topics topics, long from) {
    return "tidemill rejects "
        + topics.pipeline()
        + " show"
        + (from > 0 ? " --offset " + from : "");
  }

  private static void print(RejectCounts counts, String which, String showing, PrintWriter out) {
    List<Map.Entry<RejectKind, Long>> reasons =
        counts.byReason().entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .toList();
    long sum = reasons.stream().mapToLong(Map.Entry::getValue).sum();
    out.printf(
        "Why, of the %s%s of this run ('%s' has %s):%n",
        which,
        sum == 1 ? "one reject" : LedgerTable.number(sum) + " rejects",
        showing,
        sum == 1 ? "it" : "them");
    reasons.stream()
        .limit(REASONS)
        .forEach(entry -> out.println("  " + line(entry.getValue(), counts.first(entry.getKey()))));
    if (reasons.size() > REASONS) {
      out.printf("  and %d other reasons%n", reasons.size() - REASONS);
    }
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
