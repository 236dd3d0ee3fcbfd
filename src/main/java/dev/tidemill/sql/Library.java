package dev.tidemill.sql;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.fun.SqlBasicAggFunction;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeTransforms;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlNameMatcher;
import org.apache.calcite.util.Optionality;

/** What a statement can call: the standard's operators, and what people expect beside them. */
final class Library {
  /** Of an empty group, too. */
  private static final SqlReturnTypeInference DOUBLE_OR_NULL =
      ReturnTypes.DOUBLE.andThen(SqlTypeTransforms.FORCE_NULLABLE);

  private static final SqlReturnTypeInference FIRST_ARGUMENT_OR_NULL =
      ReturnTypes.ARG0.andThen(SqlTypeTransforms.FORCE_NULLABLE);

  /**
   * With its order behind WITHIN GROUP, as {@link Syntax} writes it. NULL of no rows, as those that
   * a FILTER leaves.
   */
  static final SqlAggFunction ARRAY_AGG =
      aggregate(
              "ARRAY_AGG",
              SqlKind.ARRAY_AGG,
              ReturnTypes.TO_ARRAY.andThen(SqlTypeTransforms.FORCE_NULLABLE),
              OperandTypes.ANY)
          .withGroupOrder(Optionality.OPTIONAL);

  private static final List<SqlOperator> AGGREGATES =
      List.of(
          SqlLibraryOperators.BOOL_AND,
          SqlLibraryOperators.BOOL_OR,
          SqlLibraryOperators.MAX_BY,
          SqlLibraryOperators.MIN_BY,
          ARRAY_AGG,
          bits("BIT_AND", SqlKind.BIT_AND),
          bits("BIT_OR", SqlKind.BIT_OR),
          bits("BIT_XOR", SqlKind.BIT_XOR),
          regression("CORR"),
          regression("REGR_AVGX"),
          regression("REGR_AVGY"),
          regression("REGR_SXY"),
          regression("REGR_SLOPE"),
          regression("REGR_INTERCEPT"),
          regression("REGR_R2"),
          firstOrLast("FIRST_VALUE", SqlKind.FIRST_VALUE),
          firstOrLast("LAST_VALUE", SqlKind.LAST_VALUE),
          SqlLibraryOperators.STRING_AGG,
          aggregate(
                  "PERCENTILE_CONT",
                  SqlKind.PERCENTILE_CONT,
                  DOUBLE_OR_NULL,
                  OperandTypes.UNIT_INTERVAL_NUMERIC_LITERAL)
              .withGroupOrder(Optionality.MANDATORY)
              .withPercentile(true),
          approximatePercentile("APPROX_PERCENTILE"),
          approximatePercentile("APPROX_QUANTILE"));

  /** Operators of the standard for which there is another one above. */
  private static final Set<SqlOperator> REPLACED =
      Set.of(
          SqlStdOperatorTable.BIT_AND,
          SqlStdOperatorTable.BIT_OR,
          SqlStdOperatorTable.BIT_XOR,
          SqlStdOperatorTable.FIRST_VALUE,
          SqlStdOperatorTable.LAST_VALUE,
          SqlStdOperatorTable.INITCAP,
          SqlStdOperatorTable.PERCENTILE_CONT);

  private Library() {}

  static SqlOperatorTable operators() {
    return SqlOperatorTables.chain(
        SqlOperatorTables.of(AGGREGATES),
        SqlOperatorTables.of(ScalarFunctions.all()),
        new Without(SqlStdOperatorTable.instance(), REPLACED));
  }

  private static SqlBasicAggFunction aggregate(
      String name, SqlKind kind, SqlReturnTypeInference type, SqlOperandTypeChecker operands) {
    return SqlBasicAggFunction.create(name, kind, type, operands);
  }

  private static SqlAggFunction bits(String name, SqlKind kind) {
    return aggregate(name, kind, ReturnTypes.ARG0_NULLABLE_IF_EMPTY, OperandTypes.INTEGER);
  }

  /** Those of the standard are for windows only. */
  private static SqlAggFunction firstOrLast(String name, SqlKind kind) {
    return aggregate(name, kind, FIRST_ARGUMENT_OR_NULL, OperandTypes.ANY)
        .withAllowsNullTreatment(true);
  }

  /** Of a dependent and an independent number. NULL if there is no line. */
  private static SqlAggFunction regression(String name) {
    return aggregate(name, SqlKind.OTHER_FUNCTION, DOUBLE_OR_NULL, OperandTypes.NUMERIC_NUMERIC);
  }

  private static SqlAggFunction approximatePercentile(String name) {
    return aggregate(
        name,
        SqlKind.OTHER_FUNCTION,
        DOUBLE_OR_NULL,
        new FractionAt(
            1,
            OperandTypes.family(SqlTypeFamily.NUMERIC, SqlTypeFamily.NUMERIC),
            "(<NUMERIC>, <NUMERIC literal from 0 to 1>)"));
  }

  private record Without(SqlOperatorTable table, Set<SqlOperator> operators)
      implements SqlOperatorTable {

    @Override
    public void lookupOperatorOverloads(
        SqlIdentifier name,
        SqlFunctionCategory category,
        SqlSyntax syntax,
        List<SqlOperator> found,
        SqlNameMatcher matcher) {
      table.lookupOperatorOverloads(name, category, syntax, found, matcher);
      found.removeIf(this::isOut);
    }

    /** One of ours may equal the one that it replaces. */
    private boolean isOut(SqlOperator operator) {
      return operators.stream().anyMatch(o -> o == operator);
    }

    @Override
    public List<SqlOperator> getOperatorList() {
      return table.getOperatorList().stream().filter(o -> !isOut(o)).toList();
    }
  }

  /** Types of operands, one of which must also be a literal from 0 to 1. */
  private record FractionAt(int index, SqlOperandTypeChecker types, String signature)
      implements SqlOperandTypeChecker {

    @Override
    public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
      if (!types.checkOperandTypes(binding, throwOnFailure)) {
        return false;
      }
      boolean fraction =
          binding.getOperandCount() <= index
              || binding.isOperandLiteral(index, false) && isFraction(binding);
      if (!fraction && throwOnFailure) {
        throw binding.newValidationSignatureError();
      }
      return fraction;
    }

    private boolean isFraction(SqlCallBinding binding) {
      BigDecimal value = binding.getOperandLiteralValue(index, BigDecimal.class);
      return value != null && value.signum() >= 0 && value.compareTo(BigDecimal.ONE) <= 0;
    }

    @Override
    public SqlOperandCountRange getOperandCountRange() {
      return types.getOperandCountRange();
    }

    @Override
    public String getAllowedSignatures(SqlOperator operator, String name) {
      return "'" + name + signature + "'";
    }
  }
}
