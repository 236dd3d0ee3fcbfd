package dev.tidemill.sql;

import java.util.stream.Stream;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Refuses groups and aggregates of what has no form as bytes: intervals, rows. */
final class AggregatedTypes extends RelHomogeneousShuttle {
  private final Problems problems = new Problems();

  private AggregatedTypes() {}

  static void check(RelNode plan) throws SqlException {
    var types = new AggregatedTypes();
    plan.accept(types);
    types.problems.throwIfAny();
  }

  @Override
  public RelNode visit(LogicalAggregate aggregate) {
    RelDataType row = aggregate.getInput().getRowType();
    aggregate.getGroupSet().forEachInt(i -> check(row, i, "GROUP BY of", SqlParserPos.ZERO));
    for (AggregateCall call : aggregate.getAggCallList()) {
      Stream.concat(call.getArgList().stream(), call.getCollation().getKeys().stream())
          .forEach(i -> check(row, i, "an aggregate of", call.getParserPosition()));
    }
    return super.visit(aggregate);
  }

  @Override
  public RelNode visit(RelNode node) {
    if (node instanceof SetOp set && !set.all) {
      RelDataType row = set.getRowType();
      for (int i = 0; i < row.getFieldCount(); i++) {
        check(row, i, set.kind + " without ALL of", SqlParserPos.ZERO);
      }
    }
    return super.visit(node);
  }

  private void check(RelDataType row, int column, String what, SqlParserPos at) {
    RelDataType type = row.getFieldList().get(column).getType();
    if (RowType.hasRows(type)) {
      String name = row.getFieldNames().get(column);
      boolean named = name.matches("[A-Za-z]\\w*");
      problems.add(
          at, "not supported yet: " + what + " " + Leaves.instead(named ? name : "x", type));
    } else if (!ValueType.exists(type)) {
      problems.add(
          at,
          "not supported yet: "
              + what
              + " type "
              + type.getSqlTypeName().getName()
              + "; CAST it to another");
    }
  }
}
