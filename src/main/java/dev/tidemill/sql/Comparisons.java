package dev.tidemill.sql;

import java.util.stream.Stream;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * Refuses to compare values of different kinds, which Calcite lets pass: the cast would fail record
 * by record.
 */
final class Comparisons {
  private final Problems problems;

  Comparisons(Problems problems) {
    this.problems = problems;
  }

  void check(Shape shape) {
    var steps =
        Stream.concat(shape.branches().stream().map(Shape.Branch::step), shape.finish().stream());
    steps.flatMap(step -> step.expressions().stream()).forEach(this::check);
  }

  private void check(RexNode expression) {
    expression.accept(
        new RexVisitorImpl<Void>(true) {
          @Override
          public Void visitCall(RexCall call) {
            if (call.isA(SqlKind.COMPARISON) && call.getOperands().size() == 2) {
              compare(call);
            }
            return super.visitCall(call);
          }
        });
  }

  private void compare(RexCall call) {
    RelDataType a = call.getOperands().get(0).getType();
    RelDataType b = call.getOperands().get(1).getType();
    if (!comparable(a, b)) {
      problems.add(
          call.getParserPosition(),
          "can not compare " + name(a) + " with " + name(b) + "; CAST one of them");
    }
  }

  private static boolean comparable(RelDataType a, RelDataType b) {
    return a.getSqlTypeName() == b.getSqlTypeName()
        || a.getSqlTypeName() == SqlTypeName.NULL
        || b.getSqlTypeName() == SqlTypeName.NULL
        || SqlTypeUtil.isNumeric(a) && SqlTypeUtil.isNumeric(b)
        || SqlTypeUtil.inCharFamily(a) && SqlTypeUtil.inCharFamily(b)
        || SqlTypeUtil.isBinary(a) && SqlTypeUtil.isBinary(b)
        || SqlTypeUtil.isInterval(a) && SqlTypeUtil.isInterval(b);
  }

  private static String name(RelDataType type) {
    return SqlTypeUtil.inCharFamily(type) ? "VARCHAR" : type.getSqlTypeName().getName();
  }
}
