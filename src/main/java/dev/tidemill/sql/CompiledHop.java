package dev.tidemill.sql;

import java.util.Optional;

/** What is done with a row of a branch before it goes to its input. Thread-safe. */
sealed interface CompiledHop permits CompiledLookup, CompiledUnnest {

  /** This for one task, whose rows go on to {@code next}. */
  Expansion expansion(TableAccess tables, RowContext context, Optional<Expansion> next);

  /** Gives a row, if it is one, to what comes then. */
  static void goOn(Object[] row, long time, Optional<Expansion> next, Expansion.Out out)
      throws EvaluationException {
    if (row == null) {
      return;
    }
    if (next.isPresent()) {
      next.get().apply(row, time, out);
    } else {
      out.row(row);
    }
  }
}
