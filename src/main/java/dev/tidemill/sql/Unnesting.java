package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Uncollect;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/**
 * Makes an {@link Unnest} of {@code FROM t, UNNEST(t.a)}, which Calcite plans as a join of each row
 * with the rows of its array.
 */
final class Unnesting extends RelHomogeneousShuttle {
  private Unnesting() {}

  static RelNode unnested(RelNode plan) {
    return plan.accept(new Unnesting());
  }

  @Override
  public RelNode visit(RelNode node) {
    RelNode visited = super.visit(node);
    if (visited instanceof Correlate correlate) {
      return new Side(correlate.getLeft(), Optional.of(correlate.getCorrelationId()))
          .with(correlate.getRight(), correlate.getJoinType(), correlate)
          .orElse(visited);
    }
    if (visited instanceof Join join
        && (join.getJoinType() == JoinRelType.INNER || join.getCondition().isAlwaysTrue())) {
      return new Side(join.getLeft(), Optional.empty())
          .with(join.getRight(), join.getJoinType(), join)
          .map(rows -> filtered(rows, join.getCondition()))
          .orElse(visited);
    }
    return visited;
  }

  private static RelNode filtered(RelNode rows, RexNode condition) {
    return condition.isAlwaysTrue() ? rows : LogicalFilter.create(rows, condition);
  }

  /**
   * The left side of a join with arrays.
   *
   * @param correlation by which the right side names a row of it; empty if it does not
   */
  private record Side(RelNode left, Optional<CorrelationId> correlation) {

    /** Empty if the right side is anything but an array, filtered and projected. */
    Optional<RelNode> with(RelNode right, JoinRelType type, RelNode joined) {
      if (type != JoinRelType.INNER && type != JoinRelType.LEFT) {
        return Optional.empty();
      }
      int added = right.getRowType().getFieldCount();
      List<RelDataTypeField> all = joined.getRowType().getFieldList();
      return with(right, type, all.subList(all.size() - added, all.size()));
    }

    private Optional<RelNode> with(RelNode right, JoinRelType type, List<RelDataTypeField> added) {
      if (right instanceof Uncollect uncollect) {
        return array(uncollect).map(array -> unnest(array, type, added));
      }
      if (right instanceof Filter filter && type == JoinRelType.INNER) {
        return with(filter.getInput(), type, added)
            .map(rows -> LogicalFilter.create(rows, joined(filter.getCondition())));
      }
      boolean renames =
          right instanceof Project project
              && (type == JoinRelType.INNER
                  || project.getProjects().stream().allMatch(RexInputRef.class::isInstance));
      return renames ? with((Project) right, type) : Optional.empty();
    }

    private Optional<RelNode> with(Project project, JoinRelType type) {
      List<RelDataTypeField> below = project.getInput().getRowType().getFieldList();
      return with(project.getInput(), type, type == JoinRelType.LEFT ? nullable(below) : below)
          .map(
              rows -> {
                List<RexNode> columns = columnsOf(rows, left.getRowType().getFieldCount());
                int width = left.getRowType().getFieldCount();
                for (RexNode column : project.getProjects()) {
                  // The number of an element is NULL where there is none.
                  columns.add(
                      column instanceof RexInputRef ref
                          ? RexInputRef.of(width + ref.getIndex(), rows.getRowType())
                          : joined(column));
                }
                return LogicalProject.create(
                    rows, List.of(), columns, (List<String>) null, java.util.Set.of());
              });
    }

    private List<RelDataTypeField> nullable(List<RelDataTypeField> fields) {
      var types = left.getCluster().getTypeFactory();
      var builder = types.builder();
      fields.forEach(
          field ->
              builder.add(field.getName(), types.createTypeWithNullability(field.getType(), true)));
      return builder.build().getFieldList();
    }

    /** The one array, as an expression of the left side. */
    private Optional<RexNode> array(Uncollect uncollect) {
      boolean one =
          uncollect.getInput() instanceof Project project
              && project.getInput() instanceof Values values
              && values.getTuples().size() == 1
              && project.getProjects().size() == 1
              && ArrayType.isArray(project.getProjects().get(0).getType());
      return one
          ? Optional.of(joined(((Project) uncollect.getInput()).getProjects().get(0)))
          : Optional.empty();
    }

    private RelNode unnest(RexNode array, JoinRelType type, List<RelDataTypeField> added) {
      boolean outer = type == JoinRelType.LEFT;
      if (array instanceof RexInputRef column) {
        return new Unnest(left, column.getIndex(), added, outer);
      }
      int width = left.getRowType().getFieldCount();
      List<RexNode> columns = columnsOf(left, width);
      columns.add(array);
      RelNode with =
          LogicalProject.create(left, List.of(), columns, (List<String>) null, java.util.Set.of());
      RelNode rows = new Unnest(with, width, added, outer);
      List<RexNode> without = columnsOf(rows, width);
      for (int i = 0; i < added.size(); i++) {
        without.add(RexInputRef.of(width + 1 + i, rows.getRowType()));
      }
      return LogicalProject.create(
          rows, List.of(), without, (List<String>) null, java.util.Set.of());
    }

    private static List<RexNode> columnsOf(RelNode rows, int count) {
      return new ArrayList<>(
          IntStream.range(0, count)
              .<RexNode>mapToObj(i -> RexInputRef.of(i, rows.getRowType()))
              .toList());
    }

    /** An expression of the right side over the columns of both. */
    private RexNode joined(RexNode expression) {
      int width = left.getRowType().getFieldCount();
      RexBuilder builder = left.getCluster().getRexBuilder();
      return expression.accept(
          new RexShuttle() {
            @Override
            public RexNode visitInputRef(RexInputRef column) {
              return builder.makeInputRef(column.getType(), width + column.getIndex());
            }

            @Override
            public RexNode visitFieldAccess(RexFieldAccess access) {
              boolean ofLeft =
                  access.getReferenceExpr() instanceof RexCorrelVariable row
                      && correlation.filter(row.id::equals).isPresent();
              return ofLeft
                  ? RexInputRef.of(access.getField().getIndex(), left.getRowType())
                  : super.visitFieldAccess(access);
            }
          });
    }
  }
}
