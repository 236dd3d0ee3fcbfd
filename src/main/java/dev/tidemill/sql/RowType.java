package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;

/**
 * Records within rows: lists of their fields' values, of which each may be NULL. Statements read
 * their fields; a record as a whole is only kept until then, and told from NULL.
 */
record RowType(List<ValueType> fields) implements ValueType {
  /** On the wire, beside those of {@link ScalarType} and {@link ArrayType}: never to be changed. */
  private static final byte TAG = 10;

  static boolean isRow(RelDataType type) {
    return type.isStruct();
  }

  /** Whether it is a record, or an array of records. */
  static boolean hasRows(RelDataType type) {
    return isRow(type) || ArrayType.isArray(type) && isRow(type.getComponentType());
  }

  static RowType of(RelDataType type) {
    return new RowType(
        type.getFieldList().stream().map(RelDataTypeField::getType).map(ValueType::of).toList());
  }

  @Override
  public void write(Object value, Bytes out) {
    if (value == null) {
      out.writeByte(NULL_TAG);
      return;
    }
    var values = (List<?>) value;
    out.writeByte(TAG);
    for (int i = 0; i < fields.size(); i++) {
      fields.get(i).write(values.get(i), out);
    }
  }

  @Override
  public Object read(BytesReader in) {
    int found = in.readByte();
    if (found == NULL_TAG) {
      return null;
    }
    if (found != TAG) {
      throw new IllegalStateException("Expected a ROW but the bytes are tagged " + found);
    }
    var values = new ArrayList<Object>(fields.size());
    fields.forEach(field -> values.add(field.read(in)));
    return Collections.unmodifiableList(values);
  }

  @Override
  public int compare(Object a, Object b) {
    var left = (List<?>) a;
    var right = (List<?>) b;
    for (int i = 0; i < fields.size(); i++) {
      Object x = left.get(i);
      Object y = right.get(i);
      int order =
          x == null || y == null
              ? Boolean.compare(x == null, y == null)
              : fields.get(i).compare(x, y);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  @Override
  public Object canonical(Object value) {
    var values = (List<?>) value;
    var canonical = new ArrayList<Object>(fields.size());
    for (int i = 0; i < fields.size(); i++) {
      Object one = values.get(i);
      canonical.add(one == null ? null : fields.get(i).canonical(one));
    }
    return Collections.unmodifiableList(canonical);
  }
}
