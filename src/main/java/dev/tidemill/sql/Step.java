package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/**
 * Filters, then a projection, over one input.
 *
 * @param fields the position in the input's array of each column
 * @param filters all must be TRUE; evaluated in order, and none after one that is not
 * @param projection evaluated if all filters hold
 */
record Step(RelDataType input, int[] fields, List<RexNode> filters, List<RexNode> projection) {

  /** Every column as it is. */
  static Step identity(RelDataType row, int[] fields) {
    var columns = new ArrayList<RexNode>();
    for (int i = 0; i < row.getFieldCount(); i++) {
      columns.add(RexInputRef.of(i, row));
    }
    return new Step(row, fields, List.of(), columns);
  }

  /** The same of an array that has the columns in their order. */
  static Step identity(RelDataType row) {
    return identity(row, places(row));
  }

  /** The columns of an array that has them in their order. */
  static int[] places(RelDataType row) {
    return IntStream.range(0, row.getFieldCount()).toArray();
  }

  /** The same over an array that has the columns elsewhere. */
  Step movedBy(IntUnaryOperator places) {
    return new Step(input, Arrays.stream(fields).map(places).toArray(), filters, projection);
  }

  /** This, and then a filter over its columns. */
  Step where(RexNode condition) {
    var more = new ArrayList<>(filters);
    // One by one, so that a condition is not evaluated for rows that an earlier one refuses.
    for (RexNode part : RelOptUtil.conjunctions(condition)) {
      more.add(inline(part));
    }
    return new Step(input, fields, more, projection);
  }

  /** This, and then a projection of its columns. */
  Step select(List<RexNode> columns) {
    return new Step(input, fields, filters, columns.stream().map(this::inline).toList());
  }

  private RexNode inline(RexNode expression) {
    return expression.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef column) {
            return projection.get(column.getIndex());
          }
        });
  }

  /** In the order of their evaluation. */
  List<RexNode> expressions() {
    return Stream.concat(filters.stream(), projection.stream()).toList();
  }

  /** A step over the same input that evaluates one expression. */
  Step only(RexNode expression) {
    return new Step(input, fields, List.of(), List.of(expression));
  }
}
