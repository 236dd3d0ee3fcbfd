package dev.tidemill.sql;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.calcite.adapter.enumerable.CallImplementor;
import org.apache.calcite.adapter.enumerable.NullPolicy;
import org.apache.calcite.adapter.enumerable.RexImpTable;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.FunctionParameter;
import org.apache.calcite.schema.ImplementableFunction;
import org.apache.calcite.schema.ScalarFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.SqlOperandMetadata;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;

/**
 * One method {@code eval} of a user's class. Generated code calls it as it is: nothing is looked up
 * for a record. An argument that can not be null makes the result NULL where it is NULL.
 */
final class UserFunction extends SqlUserDefinedFunction {
  private final List<Class<?>> parameters;
  private final List<UserType> types;
  private final UserType result;
  private final boolean nullable;

  private UserFunction(
      String name, List<Class<?>> parameters, UserType result, boolean nullable, Body body) {
    super(
        new SqlIdentifier(name, SqlParserPos.ZERO),
        SqlKind.OTHER_FUNCTION,
        returns(parameters, result, nullable),
        null,
        operands(parameters),
        body);
    this.parameters = parameters;
    this.types = types(parameters);
    this.result = result;
    this.nullable = nullable;
  }

  /**
   * @param method public and static, of types that {@link UserType} knows
   */
  static UserFunction of(String name, Method method) {
    List<Class<?>> parameters = List.of(method.getParameterTypes());
    UserType result = UserType.of(method.getReturnType()).orElseThrow();
    return new UserFunction(
        name,
        parameters,
        result,
        !method.getReturnType().isPrimitive(),
        new Body(arguments -> result.fromUser(Expressions.call(method, arguments)), parameters));
  }

  /**
   * What a row adds to an aggregate, encoded.
   *
   * @param aggregate has a constructor without arguments
   * @param method as {@link #of}, but gives the aggregate's state
   */
  static UserFunction preparing(String name, Class<?> aggregate, Method method) {
    List<Class<?>> parameters = List.of(method.getParameterTypes());
    return new UserFunction(
        name,
        parameters,
        UserType.BYTES,
        true,
        new Body(
            arguments ->
                Expressions.call(
                    UserValues.class,
                    "state",
                    Expressions.new_(aggregate),
                    Expressions.box(Expressions.call(method, arguments))),
            parameters));
  }

  /** The type of what {@link #preparing} makes. */
  RelDataType stateType(RelDataTypeFactory factory) {
    return factory.createTypeWithNullability(result.type(factory), true);
  }

  static List<UserType> types(List<Class<?>> parameters) {
    return parameters.stream().map(p -> UserType.of(p).orElseThrow()).toList();
  }

  static SqlOperandMetadata operands(List<Class<?>> parameters) {
    List<UserType> types = types(parameters);
    return OperandTypes.operandMetadata(
        types.stream().map(UserType::family).toList(),
        factory ->
            types.stream()
                .map(t -> factory.createTypeWithNullability(t.type(factory), true))
                .toList(),
        i -> "arg" + i,
        i -> false);
  }

  private static SqlReturnTypeInference returns(
      List<Class<?>> parameters, UserType result, boolean nullable) {
    return binding -> {
      boolean guarded =
          IntStream.range(0, parameters.size())
              .anyMatch(
                  i -> parameters.get(i).isPrimitive() && binding.getOperandType(i).isNullable());
      RelDataTypeFactory factory = binding.getTypeFactory();
      return factory.createTypeWithNullability(result.type(factory), nullable || guarded);
    };
  }

  List<UserType> types() {
    return types;
  }

  /** Whether the argument can not be null. */
  boolean isPrimitive(int parameter) {
    return parameters.get(parameter).isPrimitive();
  }

  UserType result() {
    return result;
  }

  /** Whether the method itself can give NULL. */
  boolean isNullable() {
    return nullable;
  }

  /** As a message shows what it takes. */
  String signature() {
    return getName()
        + types.stream().map(t -> t.sql().getName()).collect(Collectors.joining(", ", "(", ")"));
  }

  /** Makes the call. */
  private interface Java {
    Expression call(List<Expression> arguments);
  }

  private record Body(Java java, List<Class<?>> classes)
      implements ScalarFunction, ImplementableFunction {

    @Override
    public CallImplementor getImplementor() {
      return RexImpTable.createImplementor(
          (translator, call, operands) -> {
            var arguments = new ArrayList<Expression>();
            List<UserType> types = types(classes);
            for (int i = 0; i < operands.size(); i++) {
              arguments.add(types.get(i).toUser(operands.get(i), classes.get(i)));
            }
            return java.call(arguments);
          },
          NullPolicy.NONE,
          false);
    }

    @Override
    public RelDataType getReturnType(RelDataTypeFactory factory) {
      throw new IllegalStateException("the function's own inference says it");
    }

    @Override
    public List<FunctionParameter> getParameters() {
      return List.of();
    }
  }
}
