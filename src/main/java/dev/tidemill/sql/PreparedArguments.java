package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/**
 * Puts the {@code eval} of users' aggregates into the projection below the aggregation: there it
 * can reject a record, of which then nothing is counted in any group.
 */
final class PreparedArguments extends RelHomogeneousShuttle {
  private PreparedArguments() {}

  static RelNode prepared(RelNode plan) {
    return plan.accept(new PreparedArguments());
  }

  @Override
  public RelNode visit(LogicalAggregate aggregate) {
    RelNode visited = super.visit(aggregate);
    boolean any =
        aggregate.getAggCallList().stream()
            .anyMatch(call -> call.getAggregation() instanceof UserAggregateFunction);
    return any && visited instanceof LogicalAggregate same ? prepare(same) : visited;
  }

  private static RelNode prepare(LogicalAggregate aggregate) {
    RelNode input = aggregate.getInput();
    boolean folded = input instanceof Project project && !project.containsOver();
    var columns =
        new ArrayList<RexNode>(folded ? ((Project) input).getProjects() : references(input));
    var names = new ArrayList<>(input.getRowType().getFieldNames());
    var calls = new ArrayList<AggregateCall>();
    for (AggregateCall call : aggregate.getAggCallList()) {
      if (call.getAggregation() instanceof UserAggregateFunction function) {
        RexBuilder builder = aggregate.getCluster().getRexBuilder();
        List<RexNode> arguments = call.getArgList().stream().map(columns::get).toList();
        columns.add(
            builder.makeCall(
                call.getParserPosition(),
                function.prepare().stateType(builder.getTypeFactory()),
                function.prepare(),
                arguments));
        names.add("state " + names.size());
        calls.add(over(call, columns.size() - 1));
      } else {
        calls.add(call);
      }
    }
    RelNode below = folded ? ((Project) input).getInput() : input;
    return aggregate.copy(
        aggregate.getTraitSet(),
        LogicalProject.create(
            below,
            List.of(),
            columns,
            names,
            folded ? ((Project) input).getVariablesSet() : Set.of()),
        aggregate.getGroupSet(),
        aggregate.getGroupSets(),
        calls);
  }

  private static List<RexNode> references(RelNode input) {
    return input.getRowType().getFieldList().stream()
        .<RexNode>map(column -> RexInputRef.of(column.getIndex(), input.getRowType()))
        .toList();
  }

  private static AggregateCall over(AggregateCall call, int column) {
    return AggregateCall.create(
        call.getParserPosition(),
        call.getAggregation(),
        call.isDistinct(),
        call.isApproximate(),
        call.ignoreNulls(),
        call.rexList,
        List.of(column),
        call.filterArg,
        call.distinctKeys,
        call.getCollation(),
        call.getType(),
        call.getName());
  }
}
