package dev.tidemill.sql;

import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.metadata.JaninoRelMetadataProvider;
import org.apache.calcite.rel.metadata.RelMetadataQueryBase;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql2rel.RelDecorrelator;
import org.apache.calcite.tools.RelBuilder;

/**
 * Calcite's rules that make a plan of joins out of subqueries, move conditions down to where their
 * columns are, and leave out columns that nobody needs. A plan of one relation stays as it was
 * written, so that its conditions are evaluated in the order in which they stand.
 */
final class Rewriting {
  private static final List<RelOptRule> SUBQUERIES =
      List.of(
          CoreRules.FILTER_SUB_QUERY_TO_CORRELATE,
          CoreRules.PROJECT_SUB_QUERY_TO_CORRELATE,
          CoreRules.JOIN_SUB_QUERY_TO_CORRELATE);

  private static final List<RelOptRule> SETS =
      List.of(
          CoreRules.INTERSECT_TO_DISTINCT,
          CoreRules.MINUS_TO_DISTINCT,
          CoreRules.UNION_TO_DISTINCT);

  private static final List<RelOptRule> WINDOWS =
      List.of(CoreRules.PROJECT_TO_LOGICAL_PROJECT_AND_WINDOW);

  private static final List<RelOptRule> CONDITIONS =
      List.of(
          CoreRules.FILTER_INTO_JOIN,
          CoreRules.JOIN_CONDITION_PUSH,
          CoreRules.FILTER_PROJECT_TRANSPOSE,
          CoreRules.FILTER_AGGREGATE_TRANSPOSE,
          CoreRules.FILTER_SET_OP_TRANSPOSE,
          CoreRules.FILTER_MERGE,
          FilterBelowUnnest.RULE);

  private static final List<RelOptRule> JOIN_ORDER =
      List.of(
          CoreRules.JOIN_TO_MULTI_JOIN,
          CoreRules.PROJECT_MULTI_JOIN_MERGE,
          CoreRules.FILTER_MULTI_JOIN_MERGE);

  private Rewriting() {}

  static RelNode rewrite(RelNode written) {
    RelNode plan = Unnesting.unnested(withoutNeedlessOrder(written));
    if (isPlain(plan)) {
      return plan;
    }
    RelMetadataQueryBase.THREAD_PROVIDERS.set(
        JaninoRelMetadataProvider.of(plan.getCluster().getMetadataProvider()));
    // A condition that is never true would leave no reading of the stream.
    RelBuilder builder =
        RelFactories.LOGICAL_BUILDER
            .create(plan.getCluster(), null)
            .transform(config -> config.withSimplify(false));
    plan = apply(SUBQUERIES, plan.accept(new GroupingSets()));
    if (contains(plan, Correlate.class)) {
      plan = RelDecorrelator.decorrelateQuery(CorrelatedFields.asColumns(plan), builder);
    }
    plan = apply(SETS, plan);
    plan = apply(WINDOWS, Sessions.planned(plan));
    if (contains(plan, Join.class)) {
      plan = apply(CONDITIONS, plan);
      // In another order a table would be asked for its rows at the time of another record.
      if (hasCrossJoin(plan) && !readsVersions(plan)) {
        plan = apply(JOIN_ORDER, plan);
        plan = apply(List.of(CoreRules.MULTI_JOIN_OPTIMIZE), plan);
        plan = apply(CONDITIONS, plan);
      }
      plan = alikeKeys(plan);
      plan = apply(List.of(CoreRules.JOIN_PUSH_EXPRESSIONS), plan);
    }
    return new FieldTrimmer(builder).trim(plan);
  }

  /** The rows of a table have no order: one without a LIMIT is left out. */
  static RelNode withoutNeedlessOrder(RelNode plan) {
    if (plan instanceof Project project) {
      return project.copy(project.getTraitSet(), List.of(withoutNeedlessOrder(project.getInput())));
    }
    return plan instanceof Sort sort && sort.fetch == null && sort.offset == null
        ? sort.getInput()
        : plan;
  }

  /** One reading after the other, filtered, projected and aggregated. */
  private static boolean isPlain(RelNode node) {
    boolean plain =
        switch (node.getRelTypeName()) {
          case "LogicalTableScan", "LogicalFilter", "Unnest" -> true;
          case "LogicalAggregate" -> GroupingSets.isSimple((Aggregate) node);
          case "LogicalProject" ->
              !((Project) node).containsOver() && !Sessions.has((Project) node);
          case "LogicalUnion" -> ((Union) node).all;
          default -> false;
        };
    return plain && !hasSubquery(node) && node.getInputs().stream().allMatch(Rewriting::isPlain);
  }

  private static boolean hasSubquery(RelNode node) {
    if (node instanceof Filter filter) {
      return RexUtil.SubQueryFinder.find(filter.getCondition()) != null;
    }
    return node instanceof Project project
        && RexUtil.SubQueryFinder.find(project.getProjects()) != null;
  }

  private static boolean contains(RelNode node, Class<?> kind) {
    return kind.isInstance(node) || node.getInputs().stream().anyMatch(n -> contains(n, kind));
  }

  private static boolean hasCrossJoin(RelNode node) {
    return node instanceof Join join
            && RelOptUtil.conjunctions(join.getCondition()).stream()
                .noneMatch(c -> c.isA(SqlKind.EQUALS) || c.isA(SqlKind.IS_NOT_DISTINCT_FROM))
        || node.getInputs().stream().anyMatch(Rewriting::hasCrossJoin);
  }

  private static boolean readsVersions(RelNode node) {
    return node instanceof TableScan scan && scan.getTable().unwrap(Relation.class).isAsOf()
        || node.getInputs().stream().anyMatch(Rewriting::readsVersions);
  }

  private static RelNode apply(List<RelOptRule> rules, RelNode plan) {
    var planner = new HepPlanner(HepProgram.builder().addRuleCollection(rules).build());
    planner.setRoot(plan);
    return planner.findBestExp();
  }

  /**
   * Makes both sides of an equality in a join the same type, so that equal values have equal bytes.
   */
  private static RelNode alikeKeys(RelNode plan) {
    return plan.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode node) {
            RelNode visited = super.visit(node);
            return visited instanceof Join join
                ? join.copy(
                    join.getTraitSet(),
                    alike(join.getCondition(), join.getCluster().getRexBuilder()),
                    join.getLeft(),
                    join.getRight(),
                    join.getJoinType(),
                    join.isSemiJoinDone())
                : visited;
          }
        });
  }

  private static RexNode alike(RexNode condition, RexBuilder builder) {
    return condition.accept(
        new RexShuttle() {
          @Override
          public RexNode visitCall(RexCall call) {
            boolean equality = call.isA(SqlKind.EQUALS) || call.isA(SqlKind.IS_NOT_DISTINCT_FROM);
            return equality ? alike(call, builder) : super.visitCall(call);
          }
        });
  }

  private static RexNode alike(RexCall equality, RexBuilder builder) {
    RexNode a = equality.getOperands().get(0);
    RexNode b = equality.getOperands().get(1);
    RelDataTypeFactory types = builder.getTypeFactory();
    RelDataType common = types.leastRestrictive(List.of(a.getType(), b.getType()));
    if (common == null || isAlike(a.getType(), b.getType())) {
      return equality;
    }
    return equality.clone(
        equality.getType(), List.of(cast(a, common, builder), cast(b, common, builder)));
  }

  private static boolean isAlike(RelDataType a, RelDataType b) {
    return ValueType.of(a).equals(ValueType.of(b))
        && (ValueType.of(a) != ValueType.DECIMAL || a.getScale() == b.getScale())
        && (!ArrayType.isArray(a) || isAlike(a.getComponentType(), b.getComponentType()));
  }

  private static RexNode cast(RexNode node, RelDataType type, RexBuilder builder) {
    RelDataType nullable =
        builder.getTypeFactory().createTypeWithNullability(type, node.getType().isNullable());
    return node.getType().equals(nullable) ? node : builder.makeAbstractCast(nullable, node, false);
  }
}
