package dev.tidemill.sql;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.schema.impl.ScalarFunctionImpl;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;

/**
 * Replaces operators by those of {@link Functions}, {@link Strings} and {@link Casts}, and makes
 * AND and OR evaluate from left to right: {@code b <> 0 AND a / b > 1} does not divide by zero.
 */
final class CheckedExpressions extends RexShuttle {
  private static final Map<String, SqlOperator> FUNCTIONS =
      Stream.of(Functions.class, Strings.class, Casts.class)
          .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
          .filter(method -> Modifier.isPublic(method.getModifiers()))
          .collect(Collectors.toUnmodifiableMap(Method::getName, CheckedExpressions::operator));

  private static final BigDecimal HALF = new BigDecimal("0.5");

  private final RexBuilder builder;

  CheckedExpressions(RexBuilder builder) {
    this.builder = builder;
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
        invoke(call, nullable(width, call), name + (isInt ? "Int" : "Long"), cast(call, width));
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
      operands.add(isDecimal(operand.getType()) ? operand : exact(operand));
    }
    operands.addAll(size(call.getType()));
    return invoke(call, call.getType(), name + "Decimal", operands);
  }

  private RexNode exact(RexNode integer) {
    var type = builder.getTypeFactory().createSqlType(SqlTypeName.DECIMAL, 19, 0);
    return builder.makeAbstractCast(
        SqlParserPos.ZERO, nullable(type, integer.getType().isNullable()), integer, false);
  }

  private RexNode approximate(RexCall call, String name) {
    if (name.equals("divide") || name.equals("mod")) {
      RexNode result =
          invoke(
              call,
              nullable(SqlTypeName.DOUBLE, call),
              name + "Double",
              cast(call, SqlTypeName.DOUBLE));
      return call.getType().getSqlTypeName() == SqlTypeName.DOUBLE
          ? result
          : builder.makeAbstractCast(call.getParserPosition(), call.getType(), result, false);
    }
    return call.clone(call.getType(), cast(call, call.getType().getSqlTypeName()));
  }

  private RexNode comparison(RexCall call) {
    RelDataType a = call.getOperands().get(0).getType();
    RelDataType b = call.getOperands().get(1).getType();
    String suffix;
    List<RexNode> operands = call.getOperands();
    if (SqlTypeUtil.isApproximateNumeric(a) || SqlTypeUtil.isApproximateNumeric(b)) {
      suffix = "Double";
      operands = cast(call, SqlTypeName.DOUBLE);
    } else if (isDecimal(a) || isDecimal(b)) {
      suffix = "Decimal";
      operands = operands.stream().map(o -> isDecimal(o.getType()) ? o : exact(o)).toList();
    } else if (SqlTypeUtil.isExactNumeric(a) && SqlTypeUtil.isExactNumeric(b)) {
      // Java widens INTEGER by itself.
      suffix = "Long";
    } else if (a.getFamily() == SqlTypeFamily.CHARACTER) {
      suffix = "String";
    } else {
      return call;
    }
    boolean swapped =
        call.getKind() == SqlKind.GREATER_THAN || call.getKind() == SqlKind.LESS_THAN_OR_EQUAL;
    if (swapped) {
      operands = List.of(operands.get(1), operands.get(0));
    }
    boolean equality = call.getKind() == SqlKind.EQUALS || call.getKind() == SqlKind.NOT_EQUALS;
    RexNode result = invoke(call, call.getType(), (equality ? "equal" : "less") + suffix, operands);
    return switch (call.getKind()) {
      case NOT_EQUALS, LESS_THAN_OR_EQUAL, GREATER_THAN_OR_EQUAL ->
          builder.makeCall(call.getParserPosition(), SqlStdOperatorTable.NOT, List.of(result));
      default -> result;
    };
  }

  private RexNode function(RexCall call) {
    return switch (call.getOperator().getName()) {
      case "ABS" -> abs(call);
      case "UPPER" -> invoke(call, call.getType(), "upper", call.getOperands());
      case "LOWER" -> invoke(call, call.getType(), "lower", call.getOperands());
      case "CHAR_LENGTH", "CHARACTER_LENGTH" ->
          invoke(call, call.getType(), "charLength", call.getOperands());
      case "LN" -> invoke(call, call.getType(), "ln", cast(call, SqlTypeName.DOUBLE));
      case "LOG10" -> invoke(call, call.getType(), "log10", cast(call, SqlTypeName.DOUBLE));
      case "POWER" -> power(call);
      case "SUBSTRING" -> substring(call);
      case "POSITION" ->
          call.getOperands().size() == 2
              ? invoke(call, call.getType(), "position", call.getOperands())
              : call;
      case "OVERLAY" ->
          invoke(
              call,
              call.getType(),
              call.getOperands().size() == 3 ? "overlay" : "overlayFor",
              call.getOperands());
      case "LIKE" ->
          invoke(
              call,
              call.getType(),
              call.getOperands().size() == 2 ? "like" : "likeEscape",
              call.getOperands());
      default -> isDecimal(call.getType()) && call.getKind() != SqlKind.CASE ? fit(call) : call;
    };
  }

  private RexNode cast(RexCall call) {
    RelDataType from = call.getOperands().get(0).getType();
    RelDataType to = call.getType();
    String source = kind(from);
    String target = kind(to);
    String function = source + "To" + Character.toUpperCase(target.charAt(0)) + target.substring(1);
    if (isDecimal(to)) {
      if (!source.equals("string")) {
        return fit(call);
      }
      var operands = new ArrayList<>(call.getOperands());
      operands.addAll(size(to));
      return invoke(call, to, "stringToDecimal", operands);
    }
    if (!has(function) || source.equals(target)) {
      return call;
    }
    RexNode result = invoke(call, widest(to), function, call.getOperands());
    // VARCHAR(n), CHAR(n), SMALLINT and REAL are made of the widest type of their kind.
    return result.getType().equals(to)
        ? result
        : builder.makeAbstractCast(call.getParserPosition(), to, result, false);
  }

  private RelDataType widest(RelDataType type) {
    SqlTypeName name =
        switch (type.getSqlTypeName()) {
          case TINYINT, SMALLINT -> SqlTypeName.INTEGER;
          case REAL, FLOAT -> SqlTypeName.DOUBLE;
          case CHAR -> SqlTypeName.VARCHAR;
          default -> type.getSqlTypeName();
        };
    return nullable(builder.getTypeFactory().createSqlType(name), type.isNullable());
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
    var operands = cast(call, SqlTypeName.DOUBLE);
    boolean isRoot =
        call.getOperands().get(1) instanceof RexLiteral exponent
            && HALF.compareTo(exponent.getValueAs(BigDecimal.class)) == 0;
    return isRoot
        ? invoke(call, call.getType(), "sqrt", operands.subList(0, 1))
        : invoke(call, call.getType(), "power", operands);
  }

  private RexNode substring(RexCall call) {
    if (kind(call.getOperands().get(0).getType()).equals("string")) {
      String function = call.getOperands().size() == 2 ? "substringFrom" : "substringFor";
      return invoke(call, call.getType(), function, call.getOperands());
    }
    return call;
  }

  private RexNode abs(RexCall call) {
    return switch (call.getType().getSqlTypeName()) {
      case INTEGER -> invoke(call, call.getType(), "absInt", call.getOperands());
      case BIGINT -> invoke(call, call.getType(), "absLong", call.getOperands());
      default -> call;
    };
  }

  private RexNode leftToRight(RexCall call, SqlOperator decided, boolean decision) {
    RexNode result = call.getOperands().get(0);
    for (RexNode next : call.getOperands().subList(1, call.getOperands().size())) {
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

  private RexNode fit(RexCall call) {
    var operands = new ArrayList<RexNode>(List.of(call));
    operands.addAll(size(call.getType()));
    return invoke(call, call.getType(), "fit", operands);
  }

  private List<RexNode> size(RelDataType decimal) {
    return List.of(literal(decimal.getPrecision()), literal(decimal.getScale()));
  }

  private RexNode literal(int value) {
    return builder.makeExactLiteral(BigDecimal.valueOf(value));
  }

  /** The operands as values of one type. */
  private List<RexNode> cast(RexCall call, SqlTypeName name) {
    return call.getOperands().stream()
        .map(
            operand ->
                operand.getType().getSqlTypeName() == name
                    ? operand
                    : builder.makeAbstractCast(
                        SqlParserPos.ZERO,
                        nullable(
                            builder.getTypeFactory().createSqlType(name),
                            operand.getType().isNullable()),
                        operand,
                        false))
        .toList();
  }

  private RelDataType nullable(SqlTypeName name, RexCall like) {
    return nullable(builder.getTypeFactory().createSqlType(name), like.getType().isNullable());
  }

  private RelDataType nullable(RelDataType type, boolean nullable) {
    return builder.getTypeFactory().createTypeWithNullability(type, nullable);
  }

  private RexNode invoke(
      RexCall call, RelDataType type, String function, List<? extends RexNode> operands) {
    return builder.makeCall(
        call.getParserPosition(), type, FUNCTIONS.get(function), List.copyOf(operands));
  }

  private static boolean has(String function) {
    return FUNCTIONS.containsKey(function);
  }

  private static boolean isDecimal(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.DECIMAL;
  }

  private static SqlOperator operator(Method method) {
    return new SqlUserDefinedFunction(
        new SqlIdentifier(method.getName(), SqlParserPos.ZERO),
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.ARG0,
        null,
        null,
        ScalarFunctionImpl.create(method));
  }
}
