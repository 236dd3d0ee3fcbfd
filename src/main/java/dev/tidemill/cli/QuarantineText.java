package dev.tidemill.cli;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.Breach;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.Release;
import java.io.PrintWriter;

/** What joins, rules that warn and gates have to say of a batch, below the ledger's table. */
final class QuarantineText {
  private QuarantineText() {}

  static void print(LedgerEntry entry, PrintWriter out) {
    String batch = "  " + entry.batch().id() + ": ";
    entry
        .warned()
        .forEach(
            (rule, times) ->
                out.println(
                    batch
                        + LedgerTable.number(times)
                        + " broke the rule "
                        + rule
                        + ", which warns"));
    entry
        .joins()
        .forEach(
            (join, count) -> {
              if (count.misses() > 0) {
                out.println(
                    batch
                        + LedgerTable.number(count.misses())
                        + " of "
                        + LedgerTable.number(count.hits() + count.misses())
                        + " found no partner in "
                        + join);
              }
              if (count.waitedOut() > 0) {
                out.println(
                    batch
                        + LedgerTable.number(count.waitedOut())
                        + " of "
                        + LedgerTable.number(count.hits() + count.misses())
                        + " waited for "
                        + join
                        + " as long as 'wait' says, and went on before it knew their time");
              }
            });
    entry
        .quarantine()
        .ifPresent(
            quarantine -> {
              for (Breach breach : quarantine.breaches()) {
                out.println(batch + "did not pass " + breach);
                breach.samples().forEach(sample -> out.println("    " + sample));
              }
              quarantine
                  .release()
                  .map(Release::toString)
                  .map(batch::concat)
                  .ifPresent(out::println);
            });
    if (entry.state() == BatchState.QUARANTINED) {
      out.println(
          batch
              + "nobody sees it until you say: tidemill batches "
              + entry.pipeline()
              + " release "
              + entry.batch().id());
    }
  }
}
