package dev.tidemill.cli;

import dev.tidemill.sql.CompiledPipeline;
import dev.tidemill.sql.Operator;
import dev.tidemill.sql.Output;
import dev.tidemill.topology.PlannedStore;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** The operators of a pipeline and its state, for people. */
final class PlanText {
  private PlanText() {}

  static void print(CompiledPipeline pipeline, PrintWriter out) {
    List<Operator> operators = pipeline.query().operators();
    for (int i = 0; i < operators.size(); i++) {
      Output output = pipeline.query().outputs().get(i);
      out.println(output.name().isEmpty() ? "Operators:" : "Operators of " + output.name() + ":");
      print(operators.get(i), "  ", "  ", out);
      out.println();
    }
    out.println("State:");
    for (PlannedStore store : PlannedStore.of(pipeline)) {
      out.println("  " + store.name() + "  [" + where(store) + ", one per " + store.per() + "]");
      out.println("    holds: " + store.holds());
      out.println("    bound: " + store.bound());
      out.println("    restored from: " + store.topic());
    }
  }

  private static String where(PlannedStore store) {
    return store.inHeap() ? "heap" : "RocksDB";
  }

  private static void print(Operator operator, String first, String indent, PrintWriter out) {
    out.println(
        (first + operator.name() + " " + operator.detail()).stripTrailing()
            + "  ["
            + operator.place()
            + "]");
    String below = indent + (operator.inputs().isEmpty() ? "    " : "│   ");
    notes(operator).forEach(note -> out.println(below + note));
    for (int i = 0; i < operator.inputs().size(); i++) {
      boolean last = i == operator.inputs().size() - 1;
      print(
          operator.inputs().get(i),
          indent + (last ? "└─ " : "├─ "),
          indent + (last ? "   " : "│  "),
          out);
    }
  }

  private static List<String> notes(Operator operator) {
    List<String> notes = new ArrayList<>();
    if (operator.twoPhase().orElse(false)) {
      notes.add("two-phase");
    }
    operator
        .state()
        .ifPresent(state -> notes.add("state: " + state.store() + ", by " + state.keyedBy()));
    notes.addAll(operator.notes());
    return notes;
  }
}
