package dev.tidemill.sql;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Aggregates rows where they are. Groups come in the order of their first rows. */
final class GroupedRows implements Rows {
  private final GroupBy by;
  private final Iterator<Map.Entry<ByteBuffer, Accumulators>> groups;

  private GroupedRows(GroupBy by, Iterator<Map.Entry<ByteBuffer, Accumulators>> groups) {
    this.by = by;
    this.groups = groups;
  }

  static Rows of(Rows from, GroupBy by) throws EvaluationException {
    var groups = new LinkedHashMap<ByteBuffer, Accumulators>();
    long number = 0;
    try (from) {
      for (Object[] row = from.next(); row != null; row = from.next()) {
        Place place = by.needsPlace() ? new Place(0, 0, number++, 0) : Place.NONE;
        groups.computeIfAbsent(ByteBuffer.wrap(by.key(row)), key -> by.create()).add(row, place);
      }
    }
    if (by.isTotal() && groups.isEmpty()) {
      groups.put(ByteBuffer.wrap(new byte[0]), by.create());
    }
    return new GroupedRows(by, groups.entrySet().iterator());
  }

  @Override
  public Object[] next() throws EvaluationException {
    if (!groups.hasNext()) {
      return null;
    }
    var group = groups.next();
    return by.row(group.getKey().array(), group.getValue());
  }
}
