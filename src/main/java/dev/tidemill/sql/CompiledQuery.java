package dev.tidemill.sql;

import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/** A statement, compiled. */
record CompiledQuery(
    List<Branch> branches,
    List<Input> inputs,
    Optional<CompiledStep> finishing,
    Optional<Program> program,
    boolean isTogether,
    Schema resultSchema)
    implements Query {

  /** A reading of a source with its compiled step. */
  record CompiledBranch(String source, int input, CompiledStep step) implements Branch {
    @Override
    public RowOperator operator() {
      return step.operator();
    }
  }

  @Override
  public Optional<Aggregation> aggregation() {
    return program.isPresent() ? Optional.empty() : inputs.get(0).aggregation();
  }

  @Override
  public RowOperator finish() {
    return finishing.map(CompiledStep::operator).orElse(row -> row);
  }
}
