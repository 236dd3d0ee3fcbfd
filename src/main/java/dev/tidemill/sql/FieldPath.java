package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/**
 * A field of a record in a column, or of a record in that: {@code customer.address.city}.
 *
 * @param column the place of the column
 * @param fields the place of the field in each record, from the outermost
 */
record FieldPath(int column, List<Integer> fields) {

  /** Empty if the record is no column but what an expression makes. */
  static Optional<FieldPath> of(RexFieldAccess access) {
    var fields = new ArrayList<Integer>();
    RexNode record = access;
    while (record instanceof RexFieldAccess field) {
      fields.add(0, field.getField().getIndex());
      record = field.getReferenceExpr();
    }
    return record instanceof RexInputRef column
        ? Optional.of(new FieldPath(column.getIndex(), List.copyOf(fields)))
        : Optional.empty();
  }

  /**
   * As it is written, with dots between the names.
   *
   * @param row whose columns are meant
   */
  String name(RelDataType row) {
    RelDataTypeField at = row.getFieldList().get(column);
    StringBuilder name = new StringBuilder(at.getName());
    for (int field : fields) {
      at = at.getType().getFieldList().get(field);
      name.append('.').append(at.getName());
    }
    return name.toString();
  }

  /**
   * Java that reads it.
   *
   * @param row an array
   * @param places of the columns in it
   */
  Expression read(Expression row, int[] places) {
    Expression value = Expressions.arrayIndex(row, Expressions.constant(places[column]));
    for (int field : fields) {
      value = Expressions.call(Functions.class, "fieldOf", value, Expressions.constant(field));
    }
    return value;
  }
}
