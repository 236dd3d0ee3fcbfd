package dev.tidemill.sql;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * ROLLUP, CUBE and GROUPING SETS as what the standard says that they are: a UNION ALL of one
 * aggregation for each set, with NULL for the columns that are not in it.
 */
final class GroupingSets extends RelHomogeneousShuttle {

  @Override
  public RelNode visit(RelNode node) {
    RelNode visited = super.visit(node);
    return visited instanceof Aggregate aggregate && !isSimple(aggregate)
        ? expanded(aggregate)
        : visited;
  }

  /** One set, and no function that asks for it. */
  static boolean isSimple(Aggregate aggregate) {
    return aggregate.getGroupType() == Aggregate.Group.SIMPLE
        && aggregate.getAggCallList().stream().noneMatch(GroupingSets::isGrouping);
  }

  private static RelNode expanded(Aggregate aggregate) {
    var all = new ArrayList<RelNode>();
    for (ImmutableBitSet set : aggregate.getGroupSets()) {
      all.add(one(aggregate, set));
    }
    return all.size() == 1 ? all.get(0) : LogicalUnion.create(all, true);
  }

  private static RelNode one(Aggregate aggregate, ImmutableBitSet set) {
    var calls = new ArrayList<AggregateCall>();
    for (AggregateCall call : aggregate.getAggCallList()) {
      if (!isGrouping(call)) {
        calls.add(
            call.adaptTo(
                aggregate.getInput(),
                call.getArgList(),
                call.filterArg,
                aggregate.hasEmptyGroup(),
                set.isEmpty()));
      }
    }
    RelNode grouped =
        LogicalAggregate.create(aggregate.getInput(), List.of(), set, List.of(set), calls);
    RexBuilder builder = aggregate.getCluster().getRexBuilder();
    RelDataType row = aggregate.getRowType();
    var columns = new ArrayList<RexNode>();
    for (int column : aggregate.getGroupSet()) {
      RelDataType type = row.getFieldList().get(columns.size()).getType();
      columns.add(
          set.get(column)
              ? as(type, builder.makeInputRef(grouped, set.indexOf(column)), builder)
              : builder.makeNullLiteral(type));
    }
    int next = set.cardinality();
    for (AggregateCall call : aggregate.getAggCallList()) {
      RelDataType type = row.getFieldList().get(columns.size()).getType();
      columns.add(
          isGrouping(call)
              ? builder.makeExactLiteral(BigDecimal.valueOf(grouping(call, aggregate, set)), type)
              : as(type, builder.makeInputRef(grouped, next++), builder));
    }
    return LogicalProject.create(grouped, List.of(), columns, row, java.util.Set.of());
  }

  private static RexNode as(RelDataType type, RexNode node, RexBuilder builder) {
    return node.getType().equals(type) ? node : builder.makeAbstractCast(type, node, false);
  }

  private static boolean isGrouping(AggregateCall call) {
    SqlKind kind = call.getAggregation().getKind();
    return kind == SqlKind.GROUPING || kind == SqlKind.GROUP_ID;
  }

  /** A bit for each argument, the last is the lowest: 1 if it is not in the set. */
  private static long grouping(AggregateCall call, Aggregate aggregate, ImmutableBitSet set) {
    if (call.getAggregation().getKind() == SqlKind.GROUP_ID) {
      return 0;
    }
    long bits = 0;
    for (int argument : call.getArgList()) {
      bits = bits << 1 | (set.get(argument) ? 0 : 1);
    }
    return bits;
  }
}
