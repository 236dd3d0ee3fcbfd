package dev.tidemill.sql;

/** A compiled {@link Step}, for one task. */
final class StepOperator implements RowOperator {
  private final CompiledRow compiled;
  private final FailureFinder failures;

  StepOperator(CompiledRow compiled, FailureFinder failures) {
    this.compiled = compiled;
    this.failures = failures;
  }

  @Override
  public Object[] apply(Object[] row) throws EvaluationException {
    try {
      return compiled.evaluate(row);
    } catch (Throwable e) {
      FailureFinder.rethrowIfDying(e);
      throw failures.explain(row, e);
    }
  }
}
