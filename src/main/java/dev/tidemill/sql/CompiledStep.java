package dev.tidemill.sql;

/** A step and its class. Thread-safe. */
record CompiledStep(Step step, Class<?> generated, Text text, StepCompiler compiler) {

  static CompiledStep of(Step step, Text text, StepCompiler compiler) {
    return new CompiledStep(step, compiler.compile(step), text, compiler);
  }

  RowOperator operator() {
    return new StepOperator(
        StepCompiler.create(generated), new FailureFinder(step, text, compiler));
  }
}
