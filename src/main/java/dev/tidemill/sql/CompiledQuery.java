package dev.tidemill.sql;

import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/** A statement, compiled. */
record CompiledQuery(
    List<Branch> branches,
    Optional<Aggregation> aggregation,
    Optional<CompiledStep> finishing,
    Schema resultSchema)
    implements Query {

  /** A reading of a source with its compiled step. */
  record CompiledBranch(String source, CompiledStep step) implements Branch {
    @Override
    public RowOperator operator() {
      return step.operator();
    }
  }

  @Override
  public RowOperator finish() {
    return finishing.map(CompiledStep::operator).orElse(row -> row);
  }
}
