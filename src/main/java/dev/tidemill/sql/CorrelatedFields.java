package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalCorrelate;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * Makes columns of the fields within records that a correlated subquery reads of the row around it:
 * what takes such subqueries apart knows columns only.
 */
final class CorrelatedFields extends RelHomogeneousShuttle {
  private CorrelatedFields() {}

  static RelNode asColumns(RelNode plan) {
    return plan.accept(new CorrelatedFields());
  }

  @Override
  public RelNode visit(RelNode node) {
    RelNode visited = super.visit(node);
    return visited instanceof LogicalCorrelate correlate
        ? new Around(correlate).changed()
        : visited;
  }

  /** The left side of a correlation, and what the right one reads of its row. */
  private static final class Around {
    private final LogicalCorrelate correlate;
    private final RelNode left;
    private final int width;
    private final RexBuilder builder;
    private final List<RexNode> added = new ArrayList<>();

    Around(LogicalCorrelate correlate) {
      this.correlate = correlate;
      this.left = correlate.getLeft();
      this.width = left.getRowType().getFieldCount();
      this.builder = correlate.getCluster().getRexBuilder();
    }

    RelNode changed() {
      over(
          correlate.getRight(),
          new Reads(
              path -> {
                find(path);
                return Optional.empty();
              }));
      if (added.isEmpty()) {
        return correlate;
      }
      List<RexNode> columns = columns(left, 0, width);
      columns.addAll(added);
      RelNode wider = project(left, columns);
      RexNode row = builder.makeCorrel(wider.getRowType(), correlate.getCorrelationId());
      var used = ImmutableBitSet.builder();
      RelNode right =
          over(
              correlate.getRight(),
              new Reads(
                  path -> {
                    int column =
                        path instanceof RexInputRef ref ? ref.getIndex() : width + find(path);
                    used.set(column);
                    return Optional.of(builder.makeFieldAccess(row, column));
                  }));
      RelNode both =
          correlate.copy(
              correlate.getTraitSet(),
              wider,
              right,
              correlate.getCorrelationId(),
              used.build(),
              correlate.getJoinType());
      List<RexNode> result = columns(both, 0, width);
      result.addAll(columns(both, width + added.size(), both.getRowType().getFieldCount()));
      return project(both, result);
    }

    private int find(RexNode path) {
      if (!(path instanceof RexInputRef) && !added.contains(path)) {
        added.add(path);
      }
      return added.indexOf(path);
    }

    private static List<RexNode> columns(RelNode rows, int from, int to) {
      return new ArrayList<>(
          IntStream.range(from, to)
              .<RexNode>mapToObj(i -> RexInputRef.of(i, rows.getRowType()))
              .toList());
    }

    private static RelNode project(RelNode rows, List<RexNode> columns) {
      return LogicalProject.create(rows, List.of(), columns, (List<String>) null, Set.of());
    }

    private static RelNode over(RelNode right, RexShuttle expressions) {
      return right.accept(
          new RelHomogeneousShuttle() {
            @Override
            public RelNode visit(RelNode node) {
              return super.visit(node).accept(expressions);
            }
          });
    }

    /** Is given every path into the left side's row, as an expression over its columns. */
    private final class Reads extends RexShuttle {
      private final Function<RexNode, Optional<RexNode>> read;

      Reads(Function<RexNode, Optional<RexNode>> read) {
        this.read = read;
      }

      @Override
      public RexNode visitFieldAccess(RexFieldAccess access) {
        return path(access).flatMap(read).orElseGet(() -> super.visitFieldAccess(access));
      }

      private Optional<RexNode> path(RexFieldAccess access) {
        RexNode of = access.getReferenceExpr();
        int field = access.getField().getIndex();
        if (of instanceof RexCorrelVariable row) {
          return row.id.equals(correlate.getCorrelationId())
              ? Optional.of(RexInputRef.of(field, left.getRowType()))
              : Optional.empty();
        }
        return of instanceof RexFieldAccess outer
            ? path(outer).map(record -> builder.makeFieldAccess(record, field))
            : Optional.empty();
      }
    }
  }
}
