package dev.tidemill.sql;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * Replaces operators by those of {@link Functions}, {@link Strings} and {@link Casts}, and makes
 * AND and OR evaluate from left to right: {@code b <> 0 AND a / b > 1} does not divide by zero.
 */
final class CheckedExpressions extends RexShuttle {
  private static final BigDecimal HALF = new BigDecimal("0.5");

  private final RexBuilder builder;
  private final Calls calls;

  CheckedExpressions(RexBuilder builder) {
    this.builder = builder;
    this.calls = new Calls(builder);
  }

  @Override
  public RexNode visitCall(RexCall original) {
    RexCall call = (RexCall) super.visitCall(original);
    return switch (call.getKind()) {
      case PLUS, MINUS, TIMES, DIVIDE, MOD, MINUS_PREFIX -> arithmetic(call);
      case EQUALS, NOT_EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          comparison(call);
      case AND -> leftToRight(call, SqlStdOperatorTable.IS_FALSE, false);
      case OR -> leftToRight(call, SqlStdOperatorTable.IS_TRUE, true);
      case CAST -> cast(call);
      default -> function(call);
    };
  }

  private RexNode arithmetic(RexCall call) {
    if (call.getOperands().stream().anyMatch(o -> !SqlTypeUtil.isNumeric(o.getType()))) {
      return call;
    }
    String name =
        switch (call.getKind()) {
          case PLUS -> "add";
          case MINUS -> "subtract";
          case TIMES -> "multiply";
          case DIVIDE -> "divide";
          case MOD -> "mod";
          default -> "negate";
        };
    RelDataType type = call.getType();
    return switch (type.getSqlTypeName()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT -> integer(call, name);
      case DECIMAL -> decimal(call, name);
      case REAL, FLOAT, DOUBLE -> approximate(call, name);
      default -> call;
    };
  }

  private RexNode integer(RexCall call, String name) {
    boolean isInt = call.getType().getSqlTypeName() == SqlTypeName.INTEGER && !name.equals("mod");
    SqlTypeName width = isInt ? SqlTypeName.INTEGER : SqlTypeName.BIGINT;
    RexNode result =
        calls.invoke(
            call,
            calls.nullable(width, call),
            name + (isInt ? "Int" : "Long"),
            calls.cast(call, width));
    return result.getType().getSqlTypeName() == call.getType().getSqlTypeName()
        ? result
        : builder.makeAbstractCast(call.getParserPosition(), call.getType(), result, false);
  }

  private RexNode decimal(RexCall call, String name) {
    if (name.equals("negate")) {
      return call;
    }
    var operands = new ArrayList<RexNode>();
    for (RexNode operand : call.getOperands()) {
      operands.add(isDecimal(operand.getType()) ? operand : calls.exact(operand));
    }
    operands.addAll(calls.size(call.getType()));
    return calls.invoke(call, call.getType(), name + "Decimal", operands);
  }

  private RexNode approximate(RexCall call, String name) {
    if (name.equals("divide") || name.equals("mod")) {
      RexNode result =
          calls.invoke(
              call,
              calls.nullable(SqlTypeName.DOUBLE, call),
              name + "Double",
              calls.cast(call, SqlTypeName.DOUBLE));
      return call.getType().getSqlTypeName() == SqlTypeName.DOUBLE
          ? result
          : builder.makeAbstractCast(call.getParserPosition(), call.getType(), result, false);
    }
    return call.clone(call.getType(), calls.cast(call, call.getType().getSqlTypeName()));
  }

  private RexNode comparison(RexCall call) {
    RelDataType a = call.getOperands().get(0).getType();
    RelDataType b = call.getOperands().get(1).getType();
    String suffix;
    List<RexNode> operands = call.getOperands();
    if (SqlTypeUtil.isApproximateNumeric(a) || SqlTypeUtil.isApproximateNumeric(b)) {
      suffix = "Double";
      operands = calls.cast(call, SqlTypeName.DOUBLE);
    } else if (isDecimal(a) || isDecimal(b)) {
      suffix = "Decimal";
      operands = operands.stream().map(o -> isDecimal(o.getType()) ? o : calls.exact(o)).toList();
    } else if (SqlTypeUtil.isExactNumeric(a) && SqlTypeUtil.isExactNumeric(b)) {
      // Java widens INTEGER by itself.
      suffix = "Long";
    } else if (a.getFamily() == SqlTypeFamily.CHARACTER) {
      suffix = "String";
    } else if (ArrayType.isArray(a) && ArrayType.isArray(b)) {
      suffix = "Array";
    } else {
      return call;
    }
    boolean swapped =
        call.getKind() == SqlKind.GREATER_THAN || call.getKind() == SqlKind.LESS_THAN_OR_EQUAL;
    if (swapped) {
      operands = List.of(operands.get(1), operands.get(0));
    }
    boolean equality = call.getKind() == SqlKind.EQUALS || call.getKind() == SqlKind.NOT_EQUALS;
    RexNode result =
        calls.invoke(call, call.getType(), (equality ? "equal" : "less") + suffix, operands);
    return switch (call.getKind()) {
      case NOT_EQUALS, LESS_THAN_OR_EQUAL, GREATER_THAN_OR_EQUAL ->
          builder.makeCall(call.getParserPosition(), SqlStdOperatorTable.NOT, List.of(result));
      default -> result;
    };
  }

  private RexNode function(RexCall call) {
    if (call.getOperator() instanceof ScalarFunctions.Function function) {
      return implemented(call, function);
    }
    if (call.getOperator() instanceof UserFunction function) {
      return ofUser(call, function);
    }
    return switch (call.getOperator().getName()) {
      case "ARRAY" -> array(call);
      case "EXTRACT" -> ofTime(call, 1, 0, "extract");
      case "FLOOR" -> ofTime(call, 0, 1, "floorTo");
      case "CEIL" -> ofTime(call, 0, 1, "ceilTo");
      case "ABS" -> abs(call);
      case "UPPER" -> calls.invoke(call, call.getType(), "upper", call.getOperands());
      case "LOWER" -> calls.invoke(call, call.getType(), "lower", call.getOperands());
      case "CHAR_LENGTH", "CHARACTER_LENGTH" ->
          calls.invoke(call, call.getType(), "charLength", call.getOperands());
      case "LN" -> calls.invoke(call, call.getType(), "ln", calls.cast(call, SqlTypeName.DOUBLE));
      case "LOG10" ->
          calls.invoke(call, call.getType(), "log10", calls.cast(call, SqlTypeName.DOUBLE));
      case "POWER" -> power(call);
      case "SUBSTRING" -> substring(call);
      case "POSITION" ->
          call.getOperands().size() == 2
              ? calls.invoke(call, call.getType(), "position", call.getOperands())
              : call;
      case "OVERLAY" ->
          calls.invoke(
              call,
              call.getType(),
              call.getOperands().size() == 3 ? "overlay" : "overlayFor",
              call.getOperands());
      case "CONCAT" -> concat(call);
      case "TRUNC" -> trunc(call);
      case "$TUMBLE" -> calls.invoke(call, call.getType(), "tumble", call.getOperands());
      case "ILIKE" ->
          calls.invoke(
              call,
              call.getType(),
              call.getOperands().size() == 2 ? "ilike" : "ilikeEscape",
              call.getOperands());
      case "SIMILAR TO" ->
          calls.invoke(
              call,
              call.getType(),
              call.getOperands().size() == 2 ? "similar" : "similarEscape",
              call.getOperands());
      case "POSIX REGEX CASE SENSITIVE" ->
          calls.invoke(call, call.getType(), "matches", call.getOperands());
      case "POSIX REGEX CASE INSENSITIVE" ->
          calls.invoke(call, call.getType(), "matchesAnyCase", call.getOperands());
      case "LIKE" ->
          calls.invoke(
              call,
              call.getType(),
              call.getOperands().size() == 2 ? "like" : "likeEscape",
              call.getOperands());
      default -> otherwise(call);
    };
  }

  private RexNode otherwise(RexCall call) {
    return isDecimal(call.getType()) && call.getKind() != SqlKind.CASE ? calls.fit(call) : call;
  }

  /**
   * A unit as text: Calcite can not compile two calls with the same unit if one is in a CASE.
   *
   * @return the call itself if it is not of a DATE or a TIMESTAMP
   */
  private RexNode ofTime(RexCall call, int time, int unit, String function) {
    if (call.getOperands().size() != 2) {
      return otherwise(call);
    }
    RexNode of = call.getOperands().get(time);
    SqlTypeName type = of.getType().getSqlTypeName();
    TimeUnitRange range =
        call.getOperands().get(unit) instanceof RexLiteral literal
                && literal.getValue() instanceof TimeUnitRange written
            ? written
            : null;
    if (range == null
        || !Dates.knows(range)
        || type != SqlTypeName.DATE && type != SqlTypeName.TIMESTAMP) {
      return otherwise(call);
    }
    boolean isTime = call.getType().getSqlTypeName() != SqlTypeName.BIGINT;
    RelDataType result = calls.nullable(isTime ? SqlTypeName.TIMESTAMP : SqlTypeName.BIGINT, call);
    RexNode value =
        calls.invoke(
            call,
            result,
            function,
            List.of(builder.makeLiteral(range.name()), calls.cast(of, SqlTypeName.TIMESTAMP)));
    return value.getType().getSqlTypeName() == call.getType().getSqlTypeName()
        ? value
        : builder.makeAbstractCast(call.getParserPosition(), call.getType(), value, false);
  }

  private RexNode implemented(RexCall call, ScalarFunctions.Function function) {
    List<RexNode> operands =
        switch (function.arguments()) {
          case AS_THEY_ARE -> call.getOperands();
          case DOUBLES -> calls.cast(call, SqlTypeName.DOUBLE);
          case TIMESTAMPS ->
              call.getOperands().stream()
                  .map(o -> isDate(o) ? calls.cast(o, SqlTypeName.TIMESTAMP) : o)
                  .toList();
        };
    return calls.invoke(call, call.getType(), function.method(operands.size()), operands);
  }

  /**
   * A NULL for which the method has no value makes the whole NULL, and the method is not called.
   */
  private RexNode ofUser(RexCall call, UserFunction function) {
    var operands = new ArrayList<RexNode>();
    var cases = new ArrayList<RexNode>();
    RelDataType nullable = calls.nullable(call.getType(), true);
    for (int i = 0; i < call.getOperands().size(); i++) {
      RexNode operand = argument(call.getOperands().get(i), function.types().get(i));
      if (function.isPrimitive(i) && operand.getType().isNullable()) {
        cases.add(builder.makeCall(SqlStdOperatorTable.IS_NULL, operand));
        cases.add(builder.makeNullLiteral(nullable));
        operand = builder.makeNotNull(operand);
      }
      operands.add(operand);
    }
    RexNode result =
        builder.makeCall(
            call.getParserPosition(),
            calls.nullable(call.getType(), function.isNullable()),
            function,
            operands);
    if (function.result() == UserType.DECIMAL) {
      result = calls.fit((RexCall) result);
    }
    if (cases.isEmpty()) {
      return result;
    }
    cases.add(builder.makeAbstractCast(SqlParserPos.ZERO, nullable, result, false));
    return builder.makeCall(call.getParserPosition(), nullable, SqlStdOperatorTable.CASE, cases);
  }

  private RexNode argument(RexNode operand, UserType type) {
    return switch (type) {
      case INT, LONG, FLOAT, DOUBLE -> calls.cast(operand, type.sql());
      case DECIMAL -> isDecimal(operand.getType()) ? operand : calls.exact(operand);
      default -> operand;
    };
  }

  private static boolean isDate(RexNode node) {
    return node.getType().getSqlTypeName() == SqlTypeName.DATE;
  }

  /** All elements have the type of the array's. */
  private RexNode array(RexCall call) {
    if (call.getKind() != SqlKind.ARRAY_VALUE_CONSTRUCTOR) {
      return call;
    }
    RelDataType element = call.getType().getComponentType();
    var elements = new ArrayList<RexNode>();
    for (RexNode operand : call.getOperands()) {
      RelDataType type = calls.nullable(element, operand.getType().isNullable());
      elements.add(
          operand.getType().equals(type)
              ? operand
              : cast(
                  (RexCall)
                      builder.makeAbstractCast(call.getParserPosition(), type, operand, false)));
    }
    return call.clone(call.getType(), elements);
  }

  /** NULLs are left out. */
  private RexNode concat(RexCall call) {
    RexNode all = builder.makeLiteral("");
    for (RexNode operand : call.getOperands()) {
      RexNode text = operand;
      if (!kind(operand.getType()).equals("string")) {
        RelDataType type =
            calls.nullable(
                builder.getTypeFactory().createSqlType(SqlTypeName.VARCHAR),
                operand.getType().isNullable());
        text =
            cast(
                (RexCall) builder.makeAbstractCast(call.getParserPosition(), type, operand, false));
      }
      all = builder.makeCall(SqlStdOperatorTable.CONCAT, all, orEmpty(text));
    }
    return builder.makeAbstractCast(call.getParserPosition(), call.getType(), all, false);
  }

  private RexNode orEmpty(RexNode text) {
    return text.getType().isNullable()
        ? builder.makeCall(
            calls.nullable(text.getType(), false),
            SqlStdOperatorTable.CASE,
            List.of(
                builder.makeCall(SqlStdOperatorTable.IS_NULL, text),
                builder.makeLiteral(""),
                builder.makeNotNull(text)))
        : text;
  }

  private RexNode trunc(RexCall call) {
    RelDataType type = call.getType();
    return switch (type.getSqlTypeName()) {
      case DECIMAL ->
          calls.invoke(
              call,
              type,
              "truncDecimal",
              List.of(call.getOperands().get(0), builder.makeExactLiteral(BigDecimal.ZERO)));
      case REAL, FLOAT, DOUBLE ->
          builder.makeAbstractCast(
              call.getParserPosition(),
              type,
              calls.invoke(
                  call,
                  calls.nullable(SqlTypeName.DOUBLE, call),
                  "truncDouble",
                  calls.cast(call, SqlTypeName.DOUBLE)),
              false);
      default -> call.getOperands().get(0);
    };
  }

  private RexNode cast(RexCall call) {
    RelDataType from = call.getOperands().get(0).getType();
    RelDataType to = call.getType();
    if (ArrayType.isArray(from) && ArrayType.isArray(to)) {
      return castArray(call, from.getComponentType(), to.getComponentType());
    }
    if (RowType.isRow(from) && RowType.isRow(to)) {
      return castRow(call, from, to);
    }
    String source = kind(from);
    String target = kind(to);
    String function = source + "To" + Character.toUpperCase(target.charAt(0)) + target.substring(1);
    if (isDecimal(to)) {
      if (!source.equals("string")) {
        return calls.fit(call);
      }
      var operands = new ArrayList<>(call.getOperands());
      operands.addAll(calls.size(to));
      return calls.invoke(call, to, "stringToDecimal", operands);
    }
    if (!Calls.has(function) || source.equals(target)) {
      return call;
    }
    RexNode result = calls.invoke(call, widest(to), function, call.getOperands());
    // VARCHAR(n), CHAR(n), SMALLINT and REAL are made of the widest type of their kind.
    return result.getType().equals(to)
        ? result
        : builder.makeAbstractCast(call.getParserPosition(), to, result, false);
  }

  /** Only whether it may be NULL can change. */
  private static RexNode castRow(RexCall call, RelDataType from, RelDataType to) {
    if (!RowType.of(from).equals(RowType.of(to))) {
      throw new UnsupportedOperationException("CAST of " + from + " to " + to);
    }
    return call.getOperands().get(0);
  }

  /** Calcite's own does not know NULLs. Where all elements fit; others have to be written anew. */
  private RexNode castArray(RexCall call, RelDataType from, RelDataType to) {
    boolean same =
        kind(from).equals(kind(to))
            && (!isDecimal(from)
                || from.getScale() == to.getScale() && from.getPrecision() <= to.getPrecision());
    if (same) {
      return call.getOperands().get(0);
    }
    if (!SqlTypeUtil.isNumeric(from) || !List.of("long", "double", "decimal").contains(kind(to))) {
      throw new UnsupportedOperationException(
          "CAST of %s ARRAY to %s ARRAY; UNNEST it, CAST its elements, and take ARRAY_AGG"
              .formatted(from.getSqlTypeName(), to.getSqlTypeName()));
    }
    var operands = new ArrayList<>(call.getOperands());
    if (isDecimal(to)) {
      operands.addAll(calls.size(to));
    }
    String type = Character.toUpperCase(kind(to).charAt(0)) + kind(to).substring(1);
    return calls.invoke(call, call.getType(), "elementsTo" + type, operands);
  }

  private RelDataType widest(RelDataType type) {
    SqlTypeName name =
        switch (type.getSqlTypeName()) {
          case TINYINT, SMALLINT -> SqlTypeName.INTEGER;
          case REAL, FLOAT -> SqlTypeName.DOUBLE;
          case CHAR -> SqlTypeName.VARCHAR;
          default -> type.getSqlTypeName();
        };
    return calls.nullable(builder.getTypeFactory().createSqlType(name), type.isNullable());
  }

  /** The word for a type in the names of {@link Casts}. */
  private static String kind(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case TINYINT, SMALLINT, INTEGER -> "int";
      case BIGINT -> "long";
      case REAL -> "float";
      case FLOAT, DOUBLE -> "double";
      case CHAR, VARCHAR -> "string";
      case DECIMAL -> "decimal";
      case BOOLEAN -> "boolean";
      default -> type.getSqlTypeName().getName().toLowerCase(Locale.ROOT);
    };
  }

  /** Calcite makes a power of SQRT, which would be less exact. */
  private RexNode power(RexCall call) {
    var operands = calls.cast(call, SqlTypeName.DOUBLE);
    boolean isRoot =
        call.getOperands().get(1) instanceof RexLiteral exponent
            && HALF.compareTo(exponent.getValueAs(BigDecimal.class)) == 0;
    return isRoot
        ? calls.invoke(call, call.getType(), "sqrt", operands.subList(0, 1))
        : calls.invoke(call, call.getType(), "power", operands);
  }

  private RexNode substring(RexCall call) {
    if (kind(call.getOperands().get(0).getType()).equals("string")) {
      String function = call.getOperands().size() == 2 ? "substringFrom" : "substringFor";
      return calls.invoke(call, call.getType(), function, call.getOperands());
    }
    return call;
  }

  private RexNode abs(RexCall call) {
    return switch (call.getType().getSqlTypeName()) {
      case INTEGER -> calls.invoke(call, call.getType(), "absInt", call.getOperands());
      case BIGINT -> calls.invoke(call, call.getType(), "absLong", call.getOperands());
      default -> call;
    };
  }

  private RexNode leftToRight(RexCall call, SqlOperator decided, boolean decision) {
    List<RexNode> others = call.getOperands().subList(1, call.getOperands().size());
    if (others.stream().noneMatch(CheckedExpressions::canFail)) {
      // A long IN list stays one flat OR.
      return call;
    }
    RexNode result = call.getOperands().get(0);
    for (RexNode next : others) {
      RexNode both = builder.makeCall(call.getOperator(), result, next);
      if (canFail(next)) {
        both =
            builder.makeCall(
                call.getParserPosition(),
                both.getType(),
                SqlStdOperatorTable.CASE,
                List.of(builder.makeCall(decided, result), builder.makeLiteral(decision), both));
      }
      result = both;
    }
    return result;
  }

  private static boolean canFail(RexNode node) {
    if (!(node instanceof RexCall call)) {
      return false;
    }
    boolean safe =
        switch (call.getKind()) {
          case AND,
              OR,
              NOT,
              IS_NULL,
              IS_NOT_NULL,
              IS_TRUE,
              IS_FALSE,
              IS_NOT_TRUE,
              IS_NOT_FALSE,
              EQUALS,
              NOT_EQUALS,
              LESS_THAN,
              LESS_THAN_OR_EQUAL,
              GREATER_THAN,
              GREATER_THAN_OR_EQUAL,
              CASE ->
              true;
          default ->
              call.getOperator().getName().startsWith("equal")
                  || call.getOperator().getName().startsWith("less");
        };
    return !safe || call.getOperands().stream().anyMatch(CheckedExpressions::canFail);
  }

  private static boolean isWidening(RexCall cast) {
    RelDataType from = cast.getOperands().get(0).getType();
    return SqlTypeUtil.isNumeric(from) && cast.getType().getSqlTypeName() == SqlTypeName.DOUBLE
        || SqlTypeUtil.isIntType(from) && cast.getType().getSqlTypeName() == SqlTypeName.BIGINT;
  }

  private static boolean isDecimal(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.DECIMAL;
  }
}
