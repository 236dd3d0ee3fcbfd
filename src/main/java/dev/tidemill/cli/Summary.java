package dev.tidemill.cli;

import dev.tidemill.batch.PartitionRead;
import dev.tidemill.definition.Origin;
import dev.tidemill.server.RunProgress;
import dev.tidemill.sql.CompiledPipeline;
import java.io.PrintWriter;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a run did: the ledger, and whether every record is accounted for. */
final class Summary {
  private Summary() {}

  static void print(CompiledPipeline pipeline, RunProgress progress, PrintWriter out) {
    out.println();
    out.println("Ledger of " + pipeline.definition().name() + ":");
    LedgerTable.print(progress.entries(), pipeline.definition().batch().timezone(), out);
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
    progress.unequal().forEach(read -> out.println("  " + unequal(read)));
    progress.reads().stream()
        .filter(read -> read.expected().isTold())
        .collect(Collectors.groupingBy(PartitionRead::topic, TreeMap::new, Collectors.toList()))
        .forEach((topic, reads) -> out.println("  " + expected(topic, reads)));
    progress.extracted().stream()
        .flatMap(source -> source.different().stream())
        .forEach(
            different ->
                out.println(
                    "  " + different + ". Batches with its source's records are held back."));
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

  private static String expected(String topic, List<PartitionRead> reads) {
    return "%s: %s rows expected, %s extracted, %s read"
        .formatted(
            topic,
            LedgerTable.number(reads.stream().mapToLong(r -> r.expected().rows()).max().orElse(0)),
            LedgerTable.number(reads.stream().mapToLong(r -> Math.max(r.extracted(), 0)).sum()),
            LedgerTable.number(reads.stream().mapToLong(PartitionRead::read).sum()));
  }

  private static String unequal(PartitionRead read) {
    return "%s-%d: %s records were extracted, but %s read: %s. Batches with its records are not published."
        .formatted(
            read.topic(),
            read.partition(),
            LedgerTable.number(read.extracted()),
            LedgerTable.number(read.extracted() - read.missing()),
            read.missing() > 0 ? "some are lost" : "something else writes there");
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
