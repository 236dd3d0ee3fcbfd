package dev.tidemill.sql;

import java.util.Optional;
import java.util.Set;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlWindow;

/** Calls that the grammar understands, and that nothing here computes; what to write instead. */
final class WrongCalls {
  private static final Set<String> OF_SEVERAL = Set.of("COALESCE", "GREATEST", "LEAST", "CONCAT");
  private static final Set<String> OF_A_GROUP_ONLY =
      Set.of("STRING_AGG", "LISTAGG", "APPROX_PERCENTILE", "APPROX_QUANTILE");

  private WrongCalls() {}

  /** What is wrong with a call. */
  static Optional<String> of(SqlCall call) {
    String name = call.getOperator().getName();
    return Optional.ofNullable(
        switch (name) {
          case "^" -> "not supported: ^; write POWER(x, 2)";
          case "CONVERT" -> "not supported: CONVERT; write CAST(x AS type)";
          case "MEMBER OF", "NOT MEMBER OF" ->
              "not supported: MEMBER OF; UNNEST the array in FROM, and compare its elements";
          default ->
              call.getKind() == SqlKind.ARRAY_QUERY_CONSTRUCTOR
                  ? "not supported: ARRAY(SELECT …); write ARRAY_AGG(x) in a subquery"
                  : OF_SEVERAL.contains(name) && call.operandCount() == 0
                      ? name + " takes at least one value"
                      : null;
        });
  }

  /** What can not be done with an aggregate in a window. */
  static Optional<String> inWindow(SqlCall aggregate) {
    String name = aggregate.getOperator().getName();
    return OF_A_GROUP_ONLY.contains(name)
        ? Optional.of("not supported yet: " + name + " in a window; aggregate in a subquery")
        : Optional.empty();
  }

  /** Which part of a window is wrong, if one is. */
  static Optional<SqlNode> bound(SqlWindow window) {
    for (SqlNode bound : new SqlNode[] {window.getLowerBound(), window.getUpperBound()}) {
      boolean isDistance =
          bound != null
              && (bound.getKind() == SqlKind.PRECEDING || bound.getKind() == SqlKind.FOLLOWING);
      if (isDistance) {
        SqlNode distance = ((SqlCall) bound).operand(0);
        if (!(distance instanceof SqlLiteral
            || distance instanceof SqlDynamicParam
            || distance.getKind() == SqlKind.MINUS_PREFIX)) {
          return Optional.of(distance);
        }
      }
    }
    return Optional.empty();
  }

  /** Whether a type has more digits behind the point than in all. */
  static boolean isTooPrecise(SqlDataTypeSpec type) {
    return type.getTypeNameSpec() instanceof SqlBasicTypeNameSpec basic
        && basic.getPrecision() >= 0
        && basic.getScale() > basic.getPrecision();
  }
}
