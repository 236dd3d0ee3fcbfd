package dev.tidemill.sql;

import java.util.List;
import java.util.stream.Stream;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;

/**
 * Filters, then a projection, over one input.
 *
 * @param fields the position in the input's array of each column
 * @param filters all must be TRUE; evaluated in order, and none after one that is not
 * @param projection evaluated if all filters hold
 */
record Step(RelDataType input, int[] fields, List<RexNode> filters, List<RexNode> projection) {

  /** In the order of their evaluation. */
  List<RexNode> expressions() {
    return Stream.concat(filters.stream(), projection.stream()).toList();
  }

  /** A step over the same input that evaluates one expression. */
  Step only(RexNode expression) {
    return new Step(input, fields, List.of(), List.of(expression));
  }
}
