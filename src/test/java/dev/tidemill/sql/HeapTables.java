package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tables with rows that are there from the start. */
final class HeapTables implements TableAccess {
  private final Query query;
  private final List<List<Object[]>> rows = new ArrayList<>();

  HeapTables(Query query, Map<String, List<Object[]>> all) throws EvaluationException {
    this.query = query;
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

  private static boolean isFound(Optional<byte[]> own, byte[] key) {
    return own.isPresent() && Arrays.equals(own.get(), key);
  }

  @Override
  public Rows all(int reading) {
    return new ListedRows(rows.get(reading));
  }
}
