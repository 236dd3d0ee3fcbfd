package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.util.ImmutableBitSet;

/** Conditions of the row alone, such as those of a join, need not wait for the array's elements. */
@SuppressWarnings("deprecation") // what replaces these wants a class that a generator writes
final class FilterBelowUnnest extends RelOptRule {
  static final FilterBelowUnnest RULE = new FilterBelowUnnest();

  private FilterBelowUnnest() {
    super(operand(Filter.class, operand(Unnest.class, any())), "FilterBelowUnnest");
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    Filter filter = call.rel(0);
    Unnest unnest = call.rel(1);
    ImmutableBitSet row = ImmutableBitSet.range(unnest.getInput().getRowType().getFieldCount());
    List<RexNode> below = new ArrayList<>();
    List<RexNode> above = new ArrayList<>();
    for (RexNode condition : RelOptUtil.conjunctions(filter.getCondition())) {
      boolean ofRow = row.contains(RelOptUtil.InputFinder.bits(condition));
      (ofRow ? below : above).add(condition);
    }
    if (!below.isEmpty()) {
      RexBuilder builder = unnest.getCluster().getRexBuilder();
      RelNode rows = unnest.over(filtered(unnest.getInput(), below, builder), unnest.array());
      call.transformTo(filtered(rows, above, builder));
    }
  }

  private static RelNode filtered(RelNode rows, List<RexNode> conditions, RexBuilder builder) {
    return conditions.isEmpty()
        ? rows
        : LogicalFilter.create(rows, RexUtil.composeConjunction(builder, conditions));
  }
}
