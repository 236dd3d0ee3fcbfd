package dev.tidemill.sql;

import java.util.List;
import java.util.Optional;

/** A reading of a table with its compiled step. */
record CompiledTable(
    String table, boolean isAsOf, CompiledStep step, List<KeyColumn> keys, List<Boolean> nullsMatch)
    implements TableReading {

  @Override
  public RowOperator operator() {
    return step.operator(RowContext.NONE);
  }

  @Override
  public boolean isScanned() {
    return keys.isEmpty();
  }

  @Override
  public Optional<byte[]> key(Object[] row) {
    return KeyColumn.key(keys, nullsMatch, row);
  }
}
