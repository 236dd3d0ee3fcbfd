package dev.tidemill.sql;

import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.slf4j.LoggerFactory;

/** A step and its class. Thread-safe. */
record CompiledStep(Step step, Class<?> generated, Text text, StepCompiler compiler) {

  /**
   * @throws SqlException if Calcite plans an expression that it can not compile
   */
  static CompiledStep of(Step step, Text text, StepCompiler compiler) throws SqlException {
    try {
      return new CompiledStep(step, compiler.compile(step), text, compiler);
    } catch (RuntimeException | AssertionError e) {
      throw culprit(step, compiler, e);
    }
  }

  private static SqlException culprit(Step step, StepCompiler compiler, Throwable failure) {
    var problems = new Problems();
    for (RexNode expression : step.expressions()) {
      try {
        compiler.compile(step.only(expression));
      } catch (RuntimeException | AssertionError e) {
        SqlParserPos at =
            expression instanceof RexCall call ? call.getParserPosition() : SqlParserPos.ZERO;
        if (!GroupWindows.complain(expression, problems)) {
          problems.add(at, "not supported yet: " + reason(e));
        }
        LoggerFactory.getLogger(CompiledStep.class).debug("{} does not compile", expression, e);
      }
    }
    if (problems.isEmpty()) {
      throw new IllegalStateException("Each expression compiles alone, but not all", failure);
    }
    return problems.exception();
  }

  private static String reason(Throwable failure) {
    return failure instanceof UnsupportedOperationException && failure.getMessage() != null
        ? failure.getMessage()
        : "this expression can not be compiled; CAST its arguments to other types";
  }

  RowOperator operator(RowContext context) {
    return new StepOperator(
        StepCompiler.create(generated, context), new FailureFinder(step, text, compiler, context));
  }
}
