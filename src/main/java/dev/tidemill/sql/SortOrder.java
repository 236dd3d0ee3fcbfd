package dev.tidemill.sql;

import java.util.Comparator;
import java.util.List;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.type.RelDataType;

/** The ORDER BY of an aggregate. Without a word about them NULLs are the greatest values. */
record SortOrder(List<Key> keys) implements Comparator<Object[]> {

  /** One expression of it. */
  record Key(ValueType type, boolean descending, boolean nullsFirst) {

    static Key of(RelFieldCollation by, RelDataType type) {
      boolean descending = by.direction.isDescending();
      boolean nullsFirst =
          switch (by.nullDirection) {
            case FIRST -> true;
            case LAST -> false;
            default -> descending;
          };
      return new Key(ValueType.of(type), descending, nullsFirst);
    }

    int compare(Object a, Object b) {
      if (a == null || b == null) {
        return a == b ? 0 : (a == null) == nullsFirst ? -1 : 1;
      }
      return descending ? type.compare(b, a) : type.compare(a, b);
    }
  }

  SortOrder {
    keys = List.copyOf(keys);
  }

  @Override
  public int compare(Object[] a, Object[] b) {
    for (int i = 0; i < keys.size(); i++) {
      int order = keys.get(i).compare(a[i], b[i]);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
