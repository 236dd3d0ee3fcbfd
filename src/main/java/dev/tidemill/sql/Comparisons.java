package dev.tidemill.sql;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.validate.SqlValidator;

/**
 * Refuses to compare values of different kinds. Calcite lets = pass and casts the operands of the
 * other comparisons; that cast would fail record by record.
 */
final class Comparisons {
  private final Problems problems;

  Comparisons(Problems problems) {
    this.problems = problems;
  }

  void check(Shape shape) {
    shape.steps().forEach(step -> step.expressions().forEach(this::check));
  }

  private void check(RexNode expression) {
    expression.accept(
        new RexVisitorImpl<Void>(true) {
          @Override
          public Void visitCall(RexCall call) {
            if (call.isA(SqlKind.COMPARISON) && call.getOperands().size() == 2) {
              compare(
                  call.getParserPosition(),
                  call.getOperands().get(0).getType(),
                  call.getOperands().get(1).getType());
            }
            return super.visitCall(call);
          }
        });
  }

  /** In the tree, where Calcite has not cast yet. */
  void check(SqlNode statement, SqlValidator validator) {
    statement.accept(
        new SqlBasicVisitor<Void>() {
          @Override
          public Void visit(SqlCall call) {
            if (SqlKind.COMPARISON.contains(call.getKind()) || call.getKind() == SqlKind.BETWEEN) {
              RelDataType first = validator.getValidatedNodeTypeIfKnown(call.operand(0));
              for (SqlNode operand : call.getOperandList()) {
                RelDataType other = validator.getValidatedNodeTypeIfKnown(operand);
                if (first != null && other != null) {
                  compare(call.getParserPosition(), first, other);
                }
              }
            }
            return super.visit(call);
          }
        });
  }

  private void compare(SqlParserPos at, RelDataType a, RelDataType b) {
    if (!comparable(a, b)) {
      problems.add(at, "can not compare " + name(a) + " with " + name(b) + "; CAST one of them");
    }
  }

  private static boolean comparable(RelDataType a, RelDataType b) {
    if (a.isStruct() || b.isStruct()) {
      return comparable(fields(a), fields(b)); // IN of a subquery, or of rows
    }
    if (ArrayType.isArray(a) && ArrayType.isArray(b)) {
      return comparable(a.getComponentType(), b.getComponentType());
    }
    return a.getSqlTypeName() == b.getSqlTypeName()
        || a.getSqlTypeName() == SqlTypeName.NULL
        || b.getSqlTypeName() == SqlTypeName.NULL
        || SqlTypeUtil.isNumeric(a) && SqlTypeUtil.isNumeric(b)
        || SqlTypeUtil.inCharFamily(a) && SqlTypeUtil.inCharFamily(b)
        || SqlTypeUtil.isBinary(a) && SqlTypeUtil.isBinary(b)
        || SqlTypeUtil.isInterval(a) && SqlTypeUtil.isInterval(b);
  }

  private static boolean comparable(List<RelDataType> a, List<RelDataType> b) {
    boolean comparable = a.size() == b.size();
    for (int i = 0; comparable && i < a.size(); i++) {
      comparable = comparable(a.get(i), b.get(i));
    }
    return comparable;
  }

  private static List<RelDataType> fields(RelDataType type) {
    return type.isStruct()
        ? type.getFieldList().stream().map(RelDataTypeField::getType).toList()
        : List.of(type);
  }

  private static String name(RelDataType type) {
    if (type.isStruct()) {
      return fields(type).stream().map(Comparisons::name).collect(Collectors.joining(", "));
    }
    if (ArrayType.isArray(type)) {
      return name(type.getComponentType()) + " ARRAY";
    }
    return SqlTypeUtil.inCharFamily(type) ? "VARCHAR" : type.getSqlTypeName().getName();
  }
}
