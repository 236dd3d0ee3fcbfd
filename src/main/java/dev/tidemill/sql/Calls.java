package dev.tidemill.sql;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.impl.ScalarFunctionImpl;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;

/**
 * Makes calls of {@link Functions}, {@link Strings}, {@link Casts} and their like, by the name of
 * the method.
 */
final class Calls {
  private static final Map<String, SqlOperator> FUNCTIONS =
      Stream.of(
              Functions.class,
              Strings.class,
              Texts.class,
              Casts.class,
              Dates.class,
              Hashes.class,
              Regexes.class)
          .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
          .filter(method -> Modifier.isPublic(method.getModifiers()))
          .collect(Collectors.toUnmodifiableMap(Method::getName, Calls::operator));

  private final RexBuilder builder;

  Calls(RexBuilder builder) {
    this.builder = builder;
  }

  /** An integer as a DECIMAL. */
  RexNode exact(RexNode integer) {
    var type = builder.getTypeFactory().createSqlType(SqlTypeName.DECIMAL, 19, 0);
    return builder.makeAbstractCast(
        SqlParserPos.ZERO, nullable(type, integer.getType().isNullable()), integer, false);
  }

  List<RexNode> size(RelDataType decimal) {
    return List.of(literal(decimal.getPrecision()), literal(decimal.getScale()));
  }

  private RexNode literal(int value) {
    return builder.makeExactLiteral(BigDecimal.valueOf(value));
  }

  /** The operands as values of one type. */
  List<RexNode> cast(RexCall call, SqlTypeName name) {
    return call.getOperands().stream().map(operand -> cast(operand, name)).toList();
  }

  RexNode cast(RexNode value, SqlTypeName name) {
    if (value.getType().getSqlTypeName() == name) {
      return value;
    }
    RelDataType type = builder.getTypeFactory().createSqlType(name);
    return builder.makeAbstractCast(
        SqlParserPos.ZERO, nullable(type, value.getType().isNullable()), value, false);
  }

  RelDataType nullable(SqlTypeName name, RexCall like) {
    return nullable(builder.getTypeFactory().createSqlType(name), like.getType().isNullable());
  }

  RelDataType nullable(RelDataType type, boolean nullable) {
    return builder.getTypeFactory().createTypeWithNullability(type, nullable);
  }

  RexNode invoke(
      RexCall call, RelDataType type, String function, List<? extends RexNode> operands) {
    return builder.makeCall(
        call.getParserPosition(), type, FUNCTIONS.get(function), List.copyOf(operands));
  }

  static boolean has(String function) {
    return FUNCTIONS.containsKey(function);
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

  /** The call's value as one of its type, which must be DECIMAL. */
  RexNode fit(RexCall call) {
    var operands = new ArrayList<RexNode>(List.of(call));
    operands.addAll(size(call.getType()));
    return invoke(call, call.getType(), "fit", operands);
  }
}
