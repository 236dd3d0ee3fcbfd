package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/**
 * A plan as we run it: branches of filters and one projection, then perhaps one aggregate, and
 * filters and a projection over that.
 *
 * @param aggregate with the step over its rows; empty if rows of the branches are the result
 */
record Shape(List<Branch> branches, Optional<Aggregate> aggregate, Optional<Step> finish) {

  /** One reading of a relation. */
  record Branch(Relation relation, Step step) {}

  /** A plan that has no such shape. */
  static final class UnsupportedPlan extends Exception {
    private static final long serialVersionUID = 1L;

    UnsupportedPlan(String what) {
      super(what);
    }
  }

  static Shape of(RelNode plan, RexBuilder builder) throws UnsupportedPlan {
    return new Folding(builder).fold(plan);
  }

  /** Folds stacked filters and projections into one step each. */
  private record Folding(RexBuilder builder) {

    Shape fold(RelNode node) throws UnsupportedPlan {
      if (node instanceof TableScan scan) {
        Relation relation = scan.getTable().unwrap(Relation.class);
        var step = identity(relation.rowType(), relation.fields());
        return new Shape(List.of(new Branch(relation, step)), Optional.empty(), Optional.empty());
      }
      if (node instanceof Filter filter) {
        return map(fold(filter.getInput()), step -> filtered(step, filter.getCondition()));
      }
      if (node instanceof Project project) {
        return map(fold(project.getInput()), step -> projected(step, project.getProjects()));
      }
      if (node instanceof Union union && union.all) {
        return union(union);
      }
      if (node instanceof Aggregate aggregate) {
        return aggregated(aggregate);
      }
      throw new UnsupportedPlan(node.getRelTypeName().replace("Logical", ""));
    }

    private Shape aggregated(Aggregate aggregate) throws UnsupportedPlan {
      Shape input = fold(aggregate.getInput());
      if (input.aggregate.isPresent()) {
        throw new UnsupportedPlan("an aggregation over an aggregation");
      }
      RelDataType row = aggregate.getRowType();
      int[] fields = new int[row.getFieldCount()];
      for (int i = 0; i < fields.length; i++) {
        fields[i] = i;
      }
      return new Shape(input.branches, Optional.of(aggregate), Optional.of(identity(row, fields)));
    }

    private Shape union(Union union) throws UnsupportedPlan {
      var branches = new ArrayList<Branch>();
      for (RelNode input : union.getInputs()) {
        Shape shape = fold(input);
        if (shape.aggregate.isPresent()) {
          throw new UnsupportedPlan("UNION ALL of an aggregation");
        }
        for (Branch branch : shape.branches) {
          branches.add(new Branch(branch.relation, widened(branch.step, union.getRowType())));
        }
      }
      return new Shape(branches, Optional.empty(), Optional.empty());
    }

    private static Shape map(Shape shape, java.util.function.UnaryOperator<Step> over) {
      if (shape.aggregate.isPresent()) {
        return new Shape(shape.branches, shape.aggregate, shape.finish.map(over));
      }
      var branches =
          shape.branches.stream().map(b -> new Branch(b.relation, over.apply(b.step))).toList();
      return new Shape(branches, Optional.empty(), Optional.empty());
    }

    private static Step identity(RelDataType row, int[] fields) {
      var columns = new ArrayList<RexNode>();
      for (int i = 0; i < row.getFieldCount(); i++) {
        columns.add(RexInputRef.of(i, row));
      }
      return new Step(row, fields, List.of(), columns);
    }

    private static Step filtered(Step step, RexNode condition) {
      var filters = new ArrayList<>(step.filters());
      // One by one, so that a condition is not evaluated for rows that an earlier one refuses.
      for (RexNode part : RelOptUtil.conjunctions(condition)) {
        filters.add(inline(part, step.projection()));
      }
      return new Step(step.input(), step.fields(), filters, step.projection());
    }

    private static Step projected(Step step, List<RexNode> projects) {
      var columns = projects.stream().map(p -> inline(p, step.projection())).toList();
      return new Step(step.input(), step.fields(), step.filters(), columns);
    }

    private Step widened(Step step, RelDataType row) {
      var columns = new ArrayList<RexNode>();
      for (int i = 0; i < row.getFieldCount(); i++) {
        RexNode column = step.projection().get(i);
        RelDataType type = row.getFieldList().get(i).getType();
        boolean same =
            type.getSqlTypeName() == column.getType().getSqlTypeName()
                && type.getPrecision() == column.getType().getPrecision()
                && type.getScale() == column.getType().getScale();
        columns.add(same ? column : builder.makeCast(type, column));
      }
      return new Step(step.input(), step.fields(), step.filters(), columns);
    }

    private static RexNode inline(RexNode expression, List<RexNode> columns) {
      return expression.accept(
          new RexShuttle() {
            @Override
            public RexNode visitInputRef(RexInputRef column) {
              return columns.get(column.getIndex());
            }
          });
    }
  }
}
