package dev.tidemill.sql;

import java.util.List;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.Optionality;

/**
 * A user's aggregate as the SQL calls it, with one of its {@code eval} methods. In a plan it
 * aggregates what that method makes of each row (see {@link PreparedArguments}).
 */
final class UserAggregateFunction extends SqlAggFunction {
  private final UserAggregate<Object, Object> aggregate;
  private final UserFunction prepare;
  private final UserType result;

  /**
   * @param prepare makes the state of one row, as bytes
   */
  UserAggregateFunction(
      String name,
      UserAggregate<Object, Object> aggregate,
      UserFunction prepare,
      List<Class<?>> parameters,
      UserType result) {
    super(
        name,
        null,
        SqlKind.OTHER_FUNCTION,
        binding ->
            binding
                .getTypeFactory()
                .createTypeWithNullability(result.type(binding.getTypeFactory()), true),
        null,
        UserFunction.operands(parameters),
        SqlFunctionCategory.USER_DEFINED_FUNCTION,
        false,
        false,
        Optionality.FORBIDDEN);
    this.aggregate = aggregate;
    this.prepare = prepare;
    this.result = result;
  }

  UserAggregate<Object, Object> aggregate() {
    return aggregate;
  }

  UserFunction prepare() {
    return prepare;
  }

  UserType result() {
    return result;
  }
}
