package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexWindowBounds;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.tools.RelBuilder;

/**
 * {@code GROUP BY k, SESSION(t, gap)} as a grouping by k and the start of the row's session, which
 * window functions find over the rows of each k in the order of t:
 *
 * <pre>
 * first = CASE WHEN t &lt; LAG(t) OVER w + gap THEN NULL ELSE t END
 * start = MAX(first) OVER w
 * </pre>
 *
 * <p>Rows of the same time are in the same session, whichever of them comes first. Rows without a
 * time come before all others, where no session has begun: they are a group with NULL.
 */
final class Sessions extends RelHomogeneousShuttle {
  private Sessions() {}

  static RelNode planned(RelNode plan) {
    return plan.accept(new Sessions());
  }

  static boolean has(Project project) {
    return project.getProjects().stream().anyMatch(Sessions::isSession);
  }

  private static boolean isSession(RexNode column) {
    return column.isA(SqlKind.SESSION);
  }

  @Override
  public RelNode visit(RelNode node) {
    RelNode visited = super.visit(node);
    if (!(visited instanceof Aggregate aggregate
        && aggregate.getInput() instanceof Project project)) {
      return visited;
    }
    OptionalInt session =
        aggregate.getGroupSet().asList().stream()
            .mapToInt(column -> column)
            .filter(column -> isSession(project.getProjects().get(column)))
            .findFirst();
    if (session.isEmpty()) {
      return visited;
    }
    var rows = new Rows(aggregate, project, session.getAsInt());
    return aggregate.copy(aggregate.getTraitSet(), List.of(rows.withStarts()));
  }

  /** The rows of an aggregation, of which one column is to be the start of the row's session. */
  private static final class Rows {
    private final Aggregate aggregate;
    private final Project project;
    private final int session;
    private final RelBuilder builder;

    Rows(Aggregate aggregate, Project project, int session) {
      this.aggregate = aggregate;
      this.project = project;
      this.session = session;
      // Merged projections would have functions over functions.
      builder =
          RelFactories.LOGICAL_BUILDER
              .create(aggregate.getCluster(), null)
              .transform(config -> config.withSimplify(false).withBloat(-1));
    }

    RelNode withStarts() {
      var call = (RexCall) project.getProjects().get(session);
      RexNode time = call.getOperands().get(0);
      RexNode gap = call.getOperands().get(1);
      int width = project.getProjects().size();
      builder.push(project.getInput());
      builder.project(with(project.getProjects(), time));
      builder.projectPlus(over(SqlStdOperatorTable.LAG, builder.field(session)));
      builder.projectPlus(first(builder.field(session), builder.field(width), gap));
      RexNode start = over(SqlStdOperatorTable.MAX, builder.field(width + 1));
      RexBuilder rex = builder.getRexBuilder();
      builder.project(
          with(
              builder.fields().subList(0, width),
              rex.makeAbstractCast(call.getType(), start, false)),
          project.getRowType().getFieldNames());
      return builder.build();
    }

    private List<RexNode> with(List<RexNode> columns, RexNode column) {
      List<RexNode> changed = new ArrayList<>(columns);
      changed.set(session, column);
      return changed;
    }

    /** The row's time, if a session begins with it; else NULL. */
    private RexNode first(RexNode time, RexNode before, RexNode gap) {
      RexNode end = builder.call(SqlStdOperatorTable.DATETIME_PLUS, before, gap);
      return builder.call(
          SqlStdOperatorTable.CASE,
          builder.call(SqlStdOperatorTable.LESS_THAN, time, end),
          builder.getRexBuilder().makeNullLiteral(before.getType()),
          time);
    }

    /** Over what precedes the row among those with the same other columns of the group. */
    private RexNode over(SqlAggFunction function, RexNode argument) {
      List<Integer> others =
          aggregate.getGroupSet().asList().stream().filter(key -> key != session).toList();
      return builder
          .aggregateCall(function, argument)
          .over()
          .partitionBy(builder.fields(others))
          .orderBy(builder.nullsFirst(builder.field(session)))
          .rowsTo(RexWindowBounds.CURRENT_ROW)
          .toRex();
    }
  }
}
