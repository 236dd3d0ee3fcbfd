package dev.tidemill.sql;

import java.util.HashMap;
import java.util.Map;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Says which expression of a step failed for a row. The compiled step does not know: it would cost
 * every row. So the expressions are evaluated again, one by one, and then their operands, down to
 * the innermost that fails. Not thread-safe; each expression is compiled once, when first needed.
 */
final class FailureFinder {
  private static final int MAX_REASON = 300;

  private final Step step;
  private final Text text;
  private final StepCompiler compiler;
  private final RowContext context;
  private final Map<RexNode, CompiledRow> compiled = new HashMap<>();

  FailureFinder(Step step, Text text, StepCompiler compiler, RowContext context) {
    this.step = step;
    this.text = text;
    this.compiler = compiler;
    this.context = context;
  }

  EvaluationException explain(Object[] row, Throwable failure) {
    for (RexNode expression : step.expressions()) {
      if (fails(expression, row)) {
        return describe(innermost(expression, row), row);
      }
    }
    return new EvaluationException(reason(failure));
  }

  private RexNode innermost(RexNode expression, Object[] row) {
    if (expression instanceof RexCall call) {
      for (RexNode operand : call.getOperands()) {
        if (fails(operand, row)) {
          RexNode inner = innermost(operand, row);
          return text.at(position(inner)).isEmpty() ? expression : inner;
        }
        if (call.getKind() == SqlKind.CASE && holds(operand, row)) {
          // The branch that CASE takes; the others may fail, but they are not evaluated.
          RexNode taken = call.getOperands().get(call.getOperands().indexOf(operand) + 1);
          return fails(taken, row) ? innermost(taken, row) : expression;
        }
      }
    }
    return expression;
  }

  private boolean holds(RexNode condition, Object[] row) {
    return condition instanceof RexCall
        && condition.getType().getSqlTypeName() == SqlTypeName.BOOLEAN
        && Boolean.TRUE.equals(value(condition, row));
  }

  private Object value(RexNode condition, Object[] row) {
    try {
      return evaluate(condition, row);
    } catch (Throwable e) {
      rethrowIfDying(e);
      throw new IllegalStateException("Failed only the second time: " + condition, e);
    }
  }

  /**
   * What is wrong with the virtual machine is not wrong with the record; all else is, such as a
   * class that a function of the user misses. A stack that overflows is deep for this record.
   */
  static void rethrowIfDying(Throwable failure) {
    if (failure instanceof VirtualMachineError error && !(error instanceof StackOverflowError)) {
      throw error;
    }
  }

  private boolean fails(RexNode expression, Object[] row) {
    if (!(expression instanceof RexCall)) {
      return false;
    }
    try {
      evaluate(expression, row);
      return false;
    } catch (Throwable e) {
      rethrowIfDying(e);
      return true;
    }
  }

  private EvaluationException describe(RexNode expression, Object[] row) {
    try {
      evaluate(expression, row);
      throw new IllegalStateException("Fails no longer: " + expression);
    } catch (Throwable e) {
      rethrowIfDying(e);
      String written = text.at(position(expression));
      return new EvaluationException(
          (written.isEmpty() ? expression.toString() : written)
              + ": "
              + (isOfUser(expression) ? thrown(e) : reason(e)));
    }
  }

  private static boolean isOfUser(RexNode expression) {
    return expression instanceof RexCall call && call.getOperator() instanceof UserFunction;
  }

  private Object evaluate(RexNode expression, Object[] row) throws Throwable {
    return compiled.computeIfAbsent(
            expression, e -> StepCompiler.create(compiler.compile(step.only(e)), context))
        .evaluate(row)[0];
  }

  private static SqlParserPos position(RexNode expression) {
    return expression instanceof RexCall call ? call.getParserPosition() : SqlParserPos.ZERO;
  }

  /** Says more of what we do not know ourselves. */
  static String thrown(Throwable failure) {
    return shortened(
        failure.getMessage() == null
            ? failure.getClass().getName()
            : failure.getClass().getName() + ": " + failure.getMessage());
  }

  private static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String message =
        root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    return shortened(message);
  }

  private static String shortened(String message) {
    return message.length() > MAX_REASON ? message.substring(0, MAX_REASON) + "…" : message;
  }
}
