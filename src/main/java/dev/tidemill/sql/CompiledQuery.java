package dev.tidemill.sql;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/** A statement, compiled. */
record CompiledQuery(
    List<Branch> branches,
    List<Input> inputs,
    List<TableReading> tables,
    List<String> joins,
    Optional<CompiledStep> finishing,
    Optional<Program> program,
    boolean isTogether,
    Schema resultSchema,
    List<Output> outputs,
    List<Operator> operators)
    implements Query {

  /** A reading of a source with its compiled step. */
  record CompiledBranch(
      String source, int input, CompiledStep step, List<CompiledHop> hops, List<Lookup> lookups)
      implements Branch {
    @Override
    public RowOperator operator(RowContext context) {
      return step.operator(context);
    }

    @Override
    public Set<String> versioned() {
      return hops.stream()
          .flatMap(hop -> hop instanceof CompiledLookup lookup ? Stream.of(lookup) : Stream.empty())
          .filter(CompiledLookup::asOf)
          .map(CompiledLookup::table)
          .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Optional<Expansion> expansion(TableAccess from, RowContext context) {
      Optional<Expansion> next = Optional.empty();
      for (int i = hops.size() - 1; i >= 0; i--) {
        next = Optional.of(hops.get(i).expansion(from, context, next));
      }
      return next;
    }
  }

  @Override
  public Optional<Aggregation> aggregation() {
    return program.isPresent() ? Optional.empty() : inputs.get(0).aggregation();
  }

  @Override
  public RowOperator finish(RowContext context) {
    return finishing.map(step -> step.operator(context)).orElse(row -> row);
  }
}
