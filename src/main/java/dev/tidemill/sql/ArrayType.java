package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Lists of values, of which each may be NULL. They are equal if they have equal elements in the
 * same order, and two NULLs are equal here; ordered by the first element that differs, where NULL
 * is greater than all values and nothing is less. PostgreSQL and DuckDB do the same.
 */
record ArrayType(ValueType element) implements ValueType {
  /** On the wire, beside those of {@link ScalarType}: never to be changed. */
  private static final byte TAG = 9;

  static boolean isArray(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.ARRAY;
  }

  @Override
  public void write(Object value, Bytes out) {
    if (value == null) {
      out.writeByte(NULL_TAG);
      return;
    }
    var elements = (List<?>) value;
    out.writeByte(TAG);
    out.writeVarint(elements.size());
    elements.forEach(one -> element.write(one, out));
  }

  @Override
  public Object read(BytesReader in) {
    int found = in.readByte();
    if (found == NULL_TAG) {
      return null;
    }
    if (found != TAG) {
      throw new IllegalStateException("Expected an ARRAY but the bytes are tagged " + found);
    }
    int size = (int) in.readVarint();
    var elements = new ArrayList<Object>(size);
    for (int i = 0; i < size; i++) {
      elements.add(element.read(in));
    }
    return Collections.unmodifiableList(elements);
  }

  @Override
  public int compare(Object a, Object b) {
    var left = (List<?>) a;
    var right = (List<?>) b;
    int both = Math.min(left.size(), right.size());
    for (int i = 0; i < both; i++) {
      Object x = left.get(i);
      Object y = right.get(i);
      int order =
          x == null || y == null ? Boolean.compare(x == null, y == null) : element.compare(x, y);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.size(), right.size());
  }

  @Override
  public Object canonical(Object value) {
    var canonical = new ArrayList<Object>();
    ((List<?>) value).forEach(one -> canonical.add(one == null ? null : element.canonical(one)));
    return Collections.unmodifiableList(canonical);
  }
}
