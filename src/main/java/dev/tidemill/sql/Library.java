package dev.tidemill.sql;

import java.util.List;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.fun.SqlBasicAggFunction;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeTransforms;
import org.apache.calcite.sql.util.SqlOperatorTables;

/** What a statement can call: the standard's operators, and what people expect beside them. */
final class Library {

  private static final List<SqlOperator> AGGREGATES =
      List.of(
          SqlLibraryOperators.BOOL_AND,
          SqlLibraryOperators.BOOL_OR,
          regression("CORR"),
          regression("REGR_AVGX"),
          regression("REGR_AVGY"),
          regression("REGR_SXY"),
          regression("REGR_SLOPE"),
          regression("REGR_INTERCEPT"),
          regression("REGR_R2"));

  private static final List<SqlOperator> FUNCTIONS = List.of(SqlLibraryOperators.INFIX_CAST);

  private Library() {}

  static SqlOperatorTable operators() {
    return SqlOperatorTables.chain(
        SqlOperatorTables.of(AGGREGATES),
        SqlOperatorTables.of(FUNCTIONS),
        SqlStdOperatorTable.instance());
  }

  /** Of a dependent and an independent number. NULL if there is no line. */
  private static SqlAggFunction regression(String name) {
    return SqlBasicAggFunction.create(
        name,
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.DOUBLE.andThen(SqlTypeTransforms.FORCE_NULLABLE),
        OperandTypes.NUMERIC_NUMERIC);
  }
}
