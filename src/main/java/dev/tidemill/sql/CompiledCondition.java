package dev.tidemill.sql;

/** A condition on the columns of one relation, and its class. Thread-safe. */
record CompiledCondition(CompiledStep holds) {

  /**
   * @param context of the rows that it is applied to
   * @return for one thread, as {@link Query#compileRule} says
   */
  RowOperator operator(RowContext context) {
    RowOperator step = holds.operator(context);
    return row -> step.apply(row) == null ? null : row;
  }
}
