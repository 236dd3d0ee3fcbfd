package dev.tidemill.sql;

import dev.tidemill.sql.Shape.UnsupportedPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.core.Window;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;

/**
 * From Calcite's plan to a {@link Shape}: what can be done record by record is folded into the
 * branches of a part, an aggregation of such rows ends the part, and the rest is done where the
 * parts meet.
 */
final class Planning {
  private final RexBuilder builder;
  private final List<Shape.Part> parts = new ArrayList<>();
  private final List<Shape.Table> tables = new ArrayList<>();
  private final JoinNames joins = new JoinNames();

  private Planning(RexBuilder builder) {
    this.builder = builder;
  }

  static Shape shape(RelNode node, RexBuilder builder) throws UnsupportedPlan {
    var planning = new Planning(builder);
    Plan plan = planning.plan(node);
    if (planning.parts.isEmpty()) {
      throw new UnsupportedPlan(
          "a statement that reads tables only; a batch has the records of a stream");
    }
    return new Shape(planning.parts, planning.tables, planning.joins.names(), plan);
  }

  private Plan plan(RelNode node) throws UnsupportedPlan {
    Optional<List<Shape.Branch>> branches = branches(node);
    if (branches.isPresent()) {
      return held(new Shape.Part(branches.get(), Optional.empty()), node.getRowType());
    }
    Optional<TableStep> table = table(node);
    if (table.isPresent()) {
      tables.add(new Shape.Table(table.get().relation(), table.get().step(), List.of(), List.of()));
      return new Plan.All(tables.size() - 1, node.getRowType());
    }
    if (node instanceof Filter filter) {
      return mapped(
          plan(filter.getInput()), step -> step.where(filter.getCondition()), node.getRowType());
    }
    if (node instanceof Project project) {
      return mapped(
          plan(project.getInput()), step -> step.select(project.getProjects()), node.getRowType());
    }
    if (node instanceof Aggregate aggregate) {
      return aggregated(aggregate);
    }
    if (node instanceof Join join) {
      return joined(join);
    }
    if (node instanceof Unnest unnest) {
      return mapped(
          new Plan.Unnested(plan(unnest.getInput()), unnest),
          UnaryOperator.identity(),
          unnest.getRowType());
    }
    if (node instanceof Sort sort) {
      return new Plan.Ordered(
          plan(sort.getInput()),
          sort.getCollation(),
          count(sort.offset).orElse(0),
          count(sort.fetch));
    }
    if (node instanceof Window window) {
      return new Plan.Windowed(plan(window.getInput()), window);
    }
    if (node instanceof Union union && union.all) {
      var inputs = new ArrayList<Plan>();
      for (RelNode input : union.getInputs()) {
        Plan plan = plan(input);
        inputs.add(mapped(plan, step -> widened(step, union.getRowType()), union.getRowType()));
      }
      return new Plan.Together(inputs, union.getRowType());
    }
    if (node instanceof Values values) {
      return constant(values);
    }
    throw new UnsupportedPlan(node.getRelTypeName().replace("Logical", ""));
  }

  private Plan held(Shape.Part part, RelDataType row) {
    parts.add(part);
    return new Plan.Held(parts.size() - 1, row);
  }

  private static Plan mapped(Plan from, UnaryOperator<Step> over, RelDataType row) {
    return from instanceof Plan.Mapped mapped
        ? new Plan.Mapped(mapped.from(), over.apply(mapped.step()), row)
        : new Plan.Mapped(from, over.apply(Step.identity(from.row())), row);
  }

  /** The readings of sources that a node consists of, if it needs nothing but one row at a time. */
  private Optional<List<Shape.Branch>> branches(RelNode node) {
    if (node instanceof TableScan scan) {
      Relation relation = AliasedScans.relation(scan);
      Step step = relation.step(builder);
      return relation.isTable()
          ? Optional.empty()
          : Optional.of(List.of(new Shape.Branch(relation, step, List.of())));
    }
    if (node instanceof Join join) {
      return lookups(join);
    }
    if (node instanceof Unnest unnest) {
      Shape.Hop elements =
          new Shape.Elements(
              unnest.array(), unnest.form(), unnest.isOuter(), Step.identity(unnest.getRowType()));
      return branches(unnest.getInput())
          .map(all -> all.stream().map(branch -> branch.with(elements)).toList());
    }
    if (node instanceof Filter filter) {
      return map(branches(filter.getInput()), step -> step.where(filter.getCondition()));
    }
    if (node instanceof Project project) {
      return map(branches(project.getInput()), step -> step.select(project.getProjects()));
    }
    if (node instanceof Union union && union.all) {
      var all = new ArrayList<Shape.Branch>();
      for (RelNode input : union.getInputs()) {
        var some = map(branches(input), step -> widened(step, union.getRowType()));
        if (some.isEmpty()) {
          return Optional.empty();
        }
        all.addAll(some.get());
      }
      return Optional.of(all);
    }
    return Optional.empty();
  }

  private static Optional<List<Shape.Branch>> map(
      Optional<List<Shape.Branch>> branches, UnaryOperator<Step> over) {
    return branches.map(all -> all.stream().map(branch -> branch.over(over)).toList());
  }

  /** A table, filtered and projected. */
  private record TableStep(Relation relation, Step step) {}

  private Optional<TableStep> table(RelNode node) {
    if (node instanceof TableScan scan) {
      Relation relation = AliasedScans.relation(scan);
      return relation.isTable()
          ? Optional.of(new TableStep(relation, relation.step(builder)))
          : Optional.empty();
    }
    if (node instanceof Filter filter) {
      return table(filter.getInput())
          .map(t -> new TableStep(t.relation(), t.step().where(filter.getCondition())));
    }
    if (node instanceof Project project) {
      return table(project.getInput())
          .map(t -> new TableStep(t.relation(), t.step().select(project.getProjects())));
    }
    return Optional.empty();
  }

  /** A join of rows with a table, on whichever side: each row looks for its own. */
  private Optional<List<Shape.Branch>> lookups(Join join) {
    boolean tableLeft = table(join.getLeft()).isPresent();
    JoinRelType outer = tableLeft ? JoinRelType.RIGHT : JoinRelType.LEFT;
    if (join.getJoinType() != JoinRelType.INNER && join.getJoinType() != outer) {
      return Optional.empty();
    }
    RelNode rows = tableLeft ? join.getRight() : join.getLeft();
    Optional<TableStep> table = table(tableLeft ? join.getLeft() : join.getRight());
    Optional<List<Shape.Branch>> branches = table.isPresent() ? branches(rows) : Optional.empty();
    if (branches.isEmpty()) {
      return Optional.empty();
    }
    Condition condition = new Condition(join);
    if (condition.leftKeys.isEmpty()) {
      return Optional.empty();
    }
    tables.add(
        new Shape.Table(
            table.get().relation(),
            table.get().step(),
            tableLeft ? condition.leftKeys : condition.rightKeys,
            condition.nullsMatch));
    Step rest = restOf(condition, join.getLeft().getRowType(), join.getRight().getRowType());
    Step step = Step.identity(join.getRowType());
    if (tableLeft) {
      // The row comes first in what a lookup makes, and its step puts the columns in order.
      int width = join.getLeft().getRowType().getFieldCount();
      int rowWidth = rows.getRowType().getFieldCount();
      rest = rest.movedBy(i -> i < width ? rowWidth + i : i - width);
      step = step.movedBy(i -> i < width ? rowWidth + i : i - width);
    }
    Shape.Hop hop =
        new Shape.Lookup(
            tables.size() - 1,
            joins.add(Optional.of(table.get().relation())),
            join.getJoinType() != JoinRelType.INNER,
            tableLeft ? condition.rightKeys : condition.leftKeys,
            condition.nullsMatch,
            rest,
            step);
    return Optional.of(branches.get().stream().map(branch -> branch.with(hop)).toList());
  }

  /** Of a join: pairs of columns that must be equal, and the rest. */
  private static final class Condition {
    private final List<Integer> leftKeys = new ArrayList<>();
    private final List<Integer> rightKeys = new ArrayList<>();
    private final List<Boolean> nullsMatch;
    private final RexNode rest;

    Condition(Join join) {
      var withoutNulls = new ArrayList<Boolean>();
      rest =
          RelOptUtil.splitJoinCondition(
              join.getLeft(),
              join.getRight(),
              join.getCondition(),
              leftKeys,
              rightKeys,
              withoutNulls);
      nullsMatch = withoutNulls.stream().map(without -> !without).toList();
    }
  }

  private Step restOf(Condition condition, RelDataType left, RelDataType right) {
    RelDataType both =
        builder
            .getTypeFactory()
            .builder()
            .addAll(left.getFieldList())
            .addAll(right.getFieldList())
            .build();
    return Step.identity(both).where(condition.rest).select(List.of());
  }

  private Plan aggregated(Aggregate aggregate) throws UnsupportedPlan {
    Optional<List<Shape.Branch>> branches = branches(aggregate.getInput());
    Plan plan =
        branches.isPresent()
            ? held(new Shape.Part(branches.get(), Optional.of(aggregate)), aggregate.getRowType())
            : new Plan.Grouped(plan(aggregate.getInput()), aggregate);
    return mapped(plan, UnaryOperator.identity(), aggregate.getRowType());
  }

  private Plan joined(Join join) throws UnsupportedPlan {
    Condition condition = new Condition(join);
    Plan left = plan(join.getLeft());
    Plan right = plan(join.getRight());
    return new Plan.Joined(
        left,
        right,
        join.getJoinType(),
        condition.leftKeys,
        condition.rightKeys,
        condition.nullsMatch,
        restOf(condition, left.row(), right.row()),
        isCounted(join) ? OptionalInt.of(joins.add(relation(right))) : OptionalInt.empty(),
        isCounted(join) && join.getJoinType().generatesNullsOnLeft()
            ? OptionalInt.of(joins.add(relation(left)))
            : OptionalInt.empty(),
        join.getRowType());
  }

  /** One without a condition finds everything. */
  private static boolean isCounted(Join join) {
    return !join.getCondition().isAlwaysTrue();
  }

  /** The one relation of which the rows are, whatever was made of them. */
  private Optional<Relation> relation(Plan plan) {
    if (plan instanceof Plan.All all) {
      return Optional.of(tables.get(all.table()).relation());
    }
    if (plan instanceof Plan.Held held) {
      List<Shape.Branch> branches = parts.get(held.part()).branches();
      Relation first = branches.get(0).relation();
      boolean same = branches.stream().allMatch(b -> b.relation().name().equals(first.name()));
      return same ? Optional.of(first) : Optional.empty();
    }
    return plan.inputs().size() == 1 ? relation(plan.inputs().get(0)) : Optional.empty();
  }

  private Plan constant(Values values) {
    var rows = new ArrayList<Step>();
    RelDataType nothing = builder.getTypeFactory().builder().build();
    for (List<RexLiteral> tuple : values.getTuples()) {
      var columns = new ArrayList<RexNode>();
      for (int i = 0; i < tuple.size(); i++) {
        columns.add(
            builder.makeAbstractCast(
                values.getRowType().getFieldList().get(i).getType(), tuple.get(i), false));
      }
      rows.add(new Step(nothing, new int[0], List.of(), columns));
    }
    return new Plan.Constant(rows, values.getRowType());
  }

  private static OptionalLong count(RexNode rows) throws UnsupportedPlan {
    if (rows == null) {
      return OptionalLong.empty();
    }
    if (rows instanceof RexLiteral literal) {
      return OptionalLong.of(literal.getValueAs(Long.class));
    }
    throw new UnsupportedPlan("LIMIT of what is no number");
  }

  private Step widened(Step step, RelDataType row) {
    var columns = new ArrayList<RexNode>();
    for (int i = 0; i < row.getFieldCount(); i++) {
      RexNode column = step.projection().get(i);
      RelDataType type = row.getFieldList().get(i).getType();
      columns.add(isSame(type, column.getType()) ? column : builder.makeCast(type, column));
    }
    return new Step(step.input(), step.fields(), step.filters(), columns);
  }

  private static boolean isSame(RelDataType a, RelDataType b) {
    if (RowType.isRow(a) && RowType.isRow(b)) {
      return RowType.of(a).equals(RowType.of(b));
    }
    return a.getSqlTypeName() == b.getSqlTypeName()
        && a.getPrecision() == b.getPrecision()
        && a.getScale() == b.getScale()
        && (!ArrayType.isArray(a) || isSame(a.getComponentType(), b.getComponentType()));
  }
}
