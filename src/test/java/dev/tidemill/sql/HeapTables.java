package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tables with rows that are there from the start. */
final class HeapTables implements TableAccess {
  private final Query query;
  private final Map<String, List<Object[]>> all;
  private final List<List<Object[]>> rows = new ArrayList<>();

  HeapTables(Query query, Map<String, List<Object[]>> all) throws EvaluationException {
    this.query = query;
    this.all = all;
    for (TableReading reading : query.tables()) {
      var kept = new ArrayList<Object[]>();
      RowOperator operator = reading.operator();
      for (Object[] row : all.get(reading.table())) {
        Object[] out = operator.apply(row);
        if (out != null) {
          kept.add(out);
        }
      }
      rows.add(kept);
    }
  }

  @Override
  public Object[][] find(int reading, byte[] key) {
    TableReading by = query.tables().get(reading);
    return rows.get(reading).stream()
        .filter(row -> isFound(by.key(row), key))
        .toArray(Object[][]::new);
  }

  /**
   * Versions are by {@code g} and {@code ts}, the later row counts among equal ones, and one
   * without {@code b} stands for a deletion.
   */
  @Override
  public Object[][] find(int reading, byte[] key, long time) {
    TableReading by = query.tables().get(reading);
    Map<Object, Object[]> newest = new LinkedHashMap<>();
    for (Object[] row : all.get(by.table())) {
      Object[] before = newest.get(row[Tables.G]);
      long at = (Long) row[Tables.TS];
      if (at <= time && (before == null || at >= (Long) before[Tables.TS])) {
        newest.put(row[Tables.G], row);
      }
    }
    var found = new ArrayList<Object[]>();
    for (Object[] row : newest.values()) {
      Object[] kept = row[Tables.B] == null ? null : kept(by, row);
      if (kept != null && isFound(by.key(kept), key)) {
        found.add(kept);
      }
    }
    return found.toArray(Object[][]::new);
  }

  private static Object[] kept(TableReading by, Object[] row) {
    try {
      return by.operator().apply(row);
    } catch (EvaluationException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isFound(Optional<byte[]> own, byte[] key) {
    return own.isPresent() && Arrays.equals(own.get(), key);
  }

  @Override
  public Rows all(int reading) {
    return new ListedRows(rows.get(reading));
  }
}
