package dev.tidemill.sql;

import java.util.List;
import org.apache.calcite.rel.rel2sql.SqlImplementor;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlDialect;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlWriterConfig;
import org.apache.calcite.sql.dialect.AnsiSqlDialect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Writes planned expressions as SQL again. */
final class ExpressionText {
  private static final SqlDialect DIALECT =
      new AnsiSqlDialect(AnsiSqlDialect.DEFAULT_CONTEXT.withIdentifierQuoteString(null)) {
        @Override
        public void quoteStringLiteral(StringBuilder out, @Nullable String charset, String value) {
          super.quoteStringLiteral(out, null, value); // all strings have the same
        }
      };

  private ExpressionText() {}

  /**
   * @param columns how each column is written
   */
  static String of(RexNode expression, List<String> columns) {
    try {
      var context =
          new SqlImplementor.SimpleContext(
              DIALECT, column -> new SqlIdentifier(columns.get(column), SqlParserPos.ZERO));
      return context
          .toSql(null, expression)
          .toSqlString(
              config ->
                  config
                      .withDialect(DIALECT)
                      .withQuoteAllIdentifiers(false)
                      .withAlwaysUseParentheses(false)
                      .withClauseStartsLine(false)
                      .withLineFolding(SqlWriterConfig.LineFolding.WIDE)
                      .withIndentation(0))
          .getSql()
          .replaceAll("\\s+", " ");
    } catch (RuntimeException | AssertionError e) {
      // An operator that is ours, and that Calcite has no words for.
      return call(expression, columns);
    }
  }

  private static String call(RexNode expression, List<String> columns) {
    if (!(expression instanceof RexCall call)) {
      return expression.toString();
    }
    List<String> operands = call.getOperands().stream().map(o -> of(o, columns)).toList();
    return call.getOperator().getName() + "(" + String.join(", ", operands) + ")";
  }
}
