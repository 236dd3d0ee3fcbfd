package dev.tidemill.cli;

import dev.tidemill.batch.SourceCounts;
import dev.tidemill.definition.Origin;
import dev.tidemill.server.RunProgress;
import dev.tidemill.sql.CompiledPipeline;
import java.io.PrintWriter;
import java.util.List;

/** What a run did: the ledger, and whether every record is accounted for. */
final class Summary {
  /** A quarter of days, four days of hours: who reads it in a mail has no use for more. */
  private static final int MOST_BATCHES = 100;

  private Summary() {}

  static void print(CompiledPipeline pipeline, RunProgress progress, PrintWriter out) {
    out.println();
    out.println("Ledger of " + pipeline.definition().name() + ":");
    LatestBatches latest = LatestBatches.of(progress.entries(), MOST_BATCHES);
    LedgerTable.print(
        latest.shown(), progress.sources(), pipeline.definition().batch().timezone(), out);
    if (latest.leftOut() > 0) {
      out.println(
          "  and %s batches that changed before, loaded and balanced; 'tidemill batches %s' shows all"
              .formatted(LedgerTable.number(latest.leftOut()), pipeline.definition().name()));
    }
    if (progress.withoutBatch() > 0) {
      out.println(
          "  "
              + LedgerTable.number(progress.withoutBatch())
              + (progress.withoutBatch() == 1
                  ? " record belongs to no batch; "
                  : " records belong to no batch; ")
              + (hasDeletions(pipeline)
                  ? "all but deletions are in "
                  : progress.withoutBatch() == 1 ? "it is in " : "they are in ")
              + pipeline.definition().topics().rejects());
    }
    progress.sources().stream()
        .filter(source -> source.expected().isPresent() || !source.agree())
        .forEach(source -> print(source, progress.differences(source), out));
    out.println();
    out.println(
        progress.isBalanced()
            ? progress.pause().map(pause -> "PAUSED before " + pause.place() + ". ").orElse("")
                + "Every book balances: "
                + LedgerTable.number(progress.accountedFor())
                + " records read, each accounted for."
            : "NOT every batch is loaded with balanced books, see above.");
    out.flush();
  }

  /** The counts of a source, and what does not agree. */
  static void print(SourceCounts source, List<String> differences, PrintWriter out) {
    out.println("  " + source);
    differences.forEach(difference -> out.println("  " + difference));
  }

  /** A deletion in a stream is no reject. */
  private static boolean hasDeletions(CompiledPipeline pipeline) {
    return pipeline.definition().sources().stream()
        .anyMatch(
            source ->
                source.origin() instanceof Origin.Topic topic
                    && topic.format() == Origin.Format.DEBEZIUM);
  }
}
