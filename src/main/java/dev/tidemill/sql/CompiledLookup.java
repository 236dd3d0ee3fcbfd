package dev.tidemill.sql;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A lookup with its compiled steps. Thread-safe.
 *
 * @param reading by its place in {@link Query#tables}
 * @param asOf whether the table is meant as it was at the event time of the record
 * @param join by its place in {@link Query#joins}
 * @param rest empty if nothing else must hold
 */
record CompiledLookup(
    int reading,
    boolean asOf,
    int join,
    String table,
    Query.OnMiss onMiss,
    boolean outer,
    List<KeyColumn> keys,
    List<Boolean> nullsMatch,
    int width,
    int tableWidth,
    Optional<CompiledStep> rest,
    CompiledStep step)
    implements CompiledHop {

  @Override
  public Expansion expansion(TableAccess tables, RowContext context, Optional<Expansion> next) {
    RowOperator condition = rest.map(step -> step.operator(context)).orElse(row -> row);
    RowOperator projection = step.operator(context);
    return (row, time, out) -> {
      boolean matched = false;
      Optional<byte[]> key = KeyColumn.key(keys, nullsMatch, row);
      if (asOf && key.isPresent() && !tables.isKnown(reading, time)) {
        out.countWaitedOut(join); // asked before the look: what comes meanwhile is found
      }
      Object[][] found = key.isPresent() ? find(tables, key.get(), time) : new Object[0][];
      if (found.length == 0 && onMiss == Query.OnMiss.REJECT) {
        out.count(join, false);
        throw new EvaluationException("join", table + " has no row for " + values(row));
      }
      for (Object[] tableRow : found) {
        Object[] both = Arrays.copyOf(row, width + tableWidth);
        System.arraycopy(tableRow, 0, both, width, tableWidth);
        if (condition.apply(both) != null) {
          matched = true;
          CompiledHop.goOn(projection.apply(both), time, next, out);
        }
      }
      out.count(join, matched);
      if (!matched && outer) {
        CompiledHop.goOn(projection.apply(Arrays.copyOf(row, width + tableWidth)), time, next, out);
      }
    };
  }

  private Object[][] find(TableAccess tables, byte[] key, long time) {
    return asOf ? tables.find(reading, key, time) : tables.find(reading, key);
  }

  private String values(Object[] row) {
    return String.join(
        ", ", keys.stream().map(key -> String.valueOf(row[key.position()])).toList());
  }
}
