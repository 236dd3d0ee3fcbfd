package dev.tidemill.sql;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSetOperator;
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
  private static final Set<SqlKind> EQUALITY =
      EnumSet.of(
          SqlKind.EQUALS,
          SqlKind.NOT_EQUALS,
          SqlKind.IS_DISTINCT_FROM,
          SqlKind.IS_NOT_DISTINCT_FROM,
          SqlKind.IN,
          SqlKind.NOT_IN,
          SqlKind.SOME);

  private static final String CAST = "; CAST one of them";

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
            SqlParserPos at = call.getParserPosition();
            if (call.isA(SqlKind.COMPARISON)
                && call.getOperands().size() == 2
                && !problems.areAt(at.getLineNum(), at.getColumnNum())) {
              compare(
                  call.getKind(),
                  at,
                  call.getOperands().get(0).getType(),
                  call.getOperands().get(1).getType(),
                  CAST);
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
                if (isRecord(operand, other)) {
                  String name = operand instanceof SqlIdentifier id ? id.toString() : "x";
                  problems.add(
                      call.getParserPosition(), "can not compare " + Leaves.instead(name, other));
                  return null;
                }
                if (first != null && other != null) {
                  compare(
                      call.getKind(),
                      call.getParserPosition(),
                      first,
                      other,
                      hint(call.operand(0), first, operand, other));
                }
              }
            }
            if (call.getKind() == SqlKind.LAG || call.getKind() == SqlKind.LEAD) {
              distanceOf(call, validator);
              defaultOf(call, validator);
            }
            if (call.getOperator() instanceof SqlSetOperator set) {
              columns(call, set.getName(), validator);
            }
            return super.visit(call);
          }
        });
  }

  /** A single record, and no list of values in parentheses or of a subquery. */
  private static boolean isRecord(SqlNode operand, RelDataType type) {
    return type != null
        && RowType.hasRows(type)
        && operand.getKind() != SqlKind.ROW
        && !operand.isA(SqlKind.QUERY);
  }

  private void distanceOf(SqlCall call, SqlValidator validator) {
    if (call.operandCount() < 2) {
      return;
    }
    RelDataType rows = validator.getValidatedNodeTypeIfKnown(call.operand(1));
    if (rows != null
        && !isNull(rows)
        && !(SqlTypeUtil.isExactNumeric(rows) && rows.getScale() == 0)) {
      String name = call.getOperator().getName();
      problems.add(
          call.operand(1).getParserPosition(),
          name + " goes by a whole number of rows; write " + name + "(x, 2)");
    }
  }

  /** What LAG and LEAD give where there is no row is put into the column as it is. */
  private void defaultOf(SqlCall call, SqlValidator validator) {
    if (call.operandCount() < 3) {
      return;
    }
    RelDataType value = validator.getValidatedNodeTypeIfKnown(call.operand(0));
    RelDataType other = validator.getValidatedNodeTypeIfKnown(call.operand(2));
    if (value != null && other != null && !name(value).equals(name(other)) && !isNull(other)) {
      problems.add(
          call.operand(2).getParserPosition(),
          "%s has %s or this %s: CAST it AS %s"
              .formatted(call.getOperator().getName(), name(value), name(other), name(value)));
    }
  }

  private static boolean isNull(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.NULL;
  }

  /** Calcite knows a type for a string and an array, too. */
  private void columns(SqlCall set, String name, SqlValidator validator) {
    List<RelDataType> first = fields(validator.getValidatedNodeType(set.operand(0)));
    List<RelDataType> other = fields(validator.getValidatedNodeType(set.operand(1)));
    for (int i = 0; i < Math.min(first.size(), other.size()); i++) {
      if (ArrayType.isArray(first.get(i)) != ArrayType.isArray(other.get(i))) {
        problems.add(
            set.operand(1).getParserPosition(),
            "the SELECTs of %s have different types in column %d; CAST one of them"
                .formatted(name, i + 1));
      }
    }
  }

  private void compare(SqlKind kind, SqlParserPos at, RelDataType a, RelDataType b, String hint) {
    if (ArrayType.isArray(a) && ArrayType.isArray(b) && !EQUALITY.contains(kind)) {
      problems.add(at, "arrays are compared by = and <> only; take an element, a[1]");
    } else if (!comparable(a, b)) {
      problems.add(at, "can not compare " + name(a) + " with " + name(b) + hint);
    }
  }

  /** What to write in the place of a string literal. */
  private static String hint(SqlNode a, RelDataType typeA, SqlNode b, RelDataType typeB) {
    if (a instanceof SqlCharStringLiteral && !(b instanceof SqlCharStringLiteral)) {
      return hint(b, typeB, a, typeA);
    }
    List<SqlNode> values = b instanceof SqlNodeList list ? list.getList() : List.of(b);
    if (!(values.get(0) instanceof SqlCharStringLiteral)) {
      return CAST;
    }
    if (SqlTypeUtil.isNumeric(typeA)) {
      return "; write the number without quotation marks";
    }
    return switch (typeA.getSqlTypeName()) {
      case DATE -> "; write DATE '2024-02-29'";
      case TIMESTAMP -> "; write TIMESTAMP '2024-02-29 12:00:00'";
      case TIME -> "; write TIME '12:00:00'";
      case BOOLEAN -> "; a condition stands alone, as x or NOT x";
      default -> CAST;
    };
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
