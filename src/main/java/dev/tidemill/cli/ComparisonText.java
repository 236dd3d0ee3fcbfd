package dev.tidemill.cli;

import dev.tidemill.server.Comparison;
import dev.tidemill.topology.Change;
import dev.tidemill.topology.Change.Effect;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** What a start would do, for people. */
final class ComparisonText {
  private ComparisonText() {}

  static void print(String pipeline, Comparison comparison, PrintWriter out) {
    out.println("A start on this cluster, where " + pipeline + " " + past(comparison) + ":");
    comparison.changes().forEach(change -> print(change, out));
    if (!comparison.unfinished().isEmpty()) {
      out.println();
      out.println("Batches that are not at their end:");
      comparison.unfinished().forEach(batch -> print(batch, out));
    }
    out.println();
    out.println(verdict(comparison));
  }

  /** What needs nobody is a line each. */
  private static void print(Change change, PrintWriter out) {
    String line =
        "  %-8s  %s %s".formatted(word(change.effect()), word(change.kind()), change.name());
    boolean brief = change.effect() == Effect.REUSED || change.effect() == Effect.NEW;
    if (brief && !change.text().isEmpty()) {
      out.println(line + "  (" + change.text() + ")");
      return;
    }
    out.println(line);
    change.text().lines().forEach(text -> out.println("            " + text));
  }

  private static String past(Comparison comparison) {
    if (comparison.runs()) {
      return "runs now";
    }
    return comparison.hasRun() ? "has run, but does not now" : "has never run";
  }

  private static void print(Comparison.Unfinished batch, PrintWriter out) {
    out.println(
        "  %s  attempt %d, %s, %s records: %s"
            .formatted(
                batch.entry().batch().id(),
                batch.entry().attempt(),
                batch.entry().state(),
                LedgerTable.number(batch.entry().books().read()),
                outlook(batch)));
  }

  private static String outlook(Comparison.Unfinished batch) {
    return switch (batch.outlook()) {
      case GOES_ON -> "goes on with what it has, and closes by this definition";
      case IS_LOADED -> loaded(batch.waitsFor());
      case WAITS_FOR_RELEASE -> "waits for its release";
      case STAYS -> "stays as it is";
    };
  }

  private static String loaded(List<String> waitsFor) {
    return waitsFor.isEmpty()
        ? "is loaded, since no target is left for which it waits"
        : "is loaded by " + String.join(", ", waitsFor);
  }

  private static String verdict(Comparison comparison) {
    if (!comparison.wouldStart()) {
      return "The start would be refused (exit code 3), and would change nothing.";
    }
    return comparison.hasRun()
        ? "The start would go on where the pipeline is."
        : "The start would be its first.";
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
