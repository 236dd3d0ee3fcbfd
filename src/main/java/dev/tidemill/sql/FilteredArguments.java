package dev.tidemill.sql;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * Evaluates the arguments of {@code agg(x) FILTER (WHERE c)} only where the condition holds.
 * Calcite projects both for each row, so {@code SUM(1 / i) FILTER (WHERE i <> 0)} would divide by
 * zero.
 */
final class FilteredArguments extends RelHomogeneousShuttle {
  private static final int NO_FILTER = -1;

  private FilteredArguments() {}

  static RelNode guarded(RelNode plan) {
    return plan.accept(new FilteredArguments());
  }

  @Override
  public RelNode visit(LogicalAggregate aggregate) {
    RelNode visited = super.visit(aggregate);
    boolean filters = aggregate.getAggCallList().stream().anyMatch(AggregateCall::hasFilter);
    return filters
            && visited instanceof LogicalAggregate same
            && same.getInput() instanceof Project project
        ? new Guarding(same, project).rebuilt()
        : visited;
  }

  /** A column of the projection below, for the rows that pass a filter. */
  private record Column(int index, int filter) {}

  private static final class Guarding {
    private final LogicalAggregate aggregate;
    private final Project project;
    private final Map<Column, Integer> columns = new LinkedHashMap<>();

    Guarding(LogicalAggregate aggregate, Project project) {
      this.aggregate = aggregate;
      this.project = project;
    }

    RelNode rebuilt() {
      // The group's columns keep their order.
      aggregate.getGroupSet().forEachInt(i -> at(i, NO_FILTER));
      var calls = aggregate.getAggCallList().stream().map(this::call).toList();
      RelNode input =
          LogicalProject.create(
              project.getInput(),
              project.getHints(),
              columns.keySet().stream().map(this::expression).toList(),
              columns.keySet().stream()
                  .map(c -> project.getRowType().getFieldNames().get(c.index))
                  .toList(),
              project.getVariablesSet());
      return aggregate.copy(
          aggregate.getTraitSet(),
          input,
          moved(aggregate.getGroupSet()),
          aggregate.getGroupSets().stream().map(this::moved).toList(),
          calls);
    }

    private AggregateCall call(AggregateCall call) {
      int filter = call.filterArg;
      var arguments = call.getArgList().stream().map(i -> at(i, filter)).toList();
      var order =
          call.getCollation().getFieldCollations().stream()
              .map(by -> by.withFieldIndex(at(by.getFieldIndex(), filter)))
              .toList();
      int condition = filter == NO_FILTER ? NO_FILTER : at(filter, NO_FILTER);
      return AggregateCall.create(
          call.getParserPosition(),
          call.getAggregation(),
          call.isDistinct(),
          call.isApproximate(),
          call.ignoreNulls(),
          call.rexList,
          arguments,
          condition,
          call.distinctKeys,
          RelCollations.of(order),
          call.getType(),
          call.getName());
    }

    private int at(int index, int filter) {
      return columns.computeIfAbsent(new Column(index, filter), c -> columns.size());
    }

    private ImmutableBitSet moved(ImmutableBitSet group) {
      return ImmutableBitSet.of(
          group.asList().stream().map(i -> columns.get(new Column(i, NO_FILTER))).toList());
    }

    private RexNode expression(Column column) {
      RexNode argument = project.getProjects().get(column.index);
      if (column.filter == NO_FILTER || !(argument instanceof RexCall)) {
        return argument;
      }
      // What stands in is never looked at. It has the argument's type, so that all types stay.
      RexBuilder builder = aggregate.getCluster().getRexBuilder();
      RelDataType type = argument.getType();
      RexNode instead =
          type.isNullable() ? builder.makeNullLiteral(type) : builder.makeZeroLiteral(type);
      return builder.makeCall(
          type,
          SqlStdOperatorTable.CASE,
          List.of(project.getProjects().get(column.filter), argument, instead));
    }
  }
}
