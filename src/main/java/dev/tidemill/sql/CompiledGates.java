package dev.tidemill.sql;

import dev.tidemill.batch.Breach;
import dev.tidemill.batch.Gates;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.definition.QueryDefinition;
import dev.tidemill.definition.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The gates of a pipeline. Not thread-safe: one for each owner of a ledger. */
final class CompiledGates implements Gates {
  private final List<Gate> gates;

  private CompiledGates(List<Gate> gates) {
    this.gates = gates;
  }

  /**
   * @param queries whose gates are without a problem
   * @param outputs what they publish
   */
  static CompiledGates of(List<QueryDefinition> queries, List<Output> outputs) {
    List<Gate> gates = new ArrayList<>();
    for (Output output : outputs) {
      queries.stream()
          .filter(query -> query.name().equals(output.name()))
          .flatMap(query -> query.require().stream())
          .forEach(requirement -> gates.add(compiled(requirement, output)));
    }
    return new CompiledGates(gates);
  }

  private static Gate compiled(Requirement requirement, Output output) {
    try {
      return Gate.compile(requirement, output);
    } catch (Gate.Wrong e) {
      throw new IllegalStateException("was compiled before: " + requirement.text(), e);
    }
  }

  List<GateQuery> queries() {
    return gates.stream().flatMap(gate -> gate.queries().stream()).toList();
  }

  @Override
  public int lookBack() {
    return gates.stream().mapToInt(Gate::lookBack).max().orElse(0);
  }

  @Override
  public List<Breach> judge(LedgerEntry entry, List<LedgerEntry> before) {
    List<byte[]> shares =
        entry.shares().stream()
            .filter(share -> share.attempt() > 0)
            .map(share -> share.gates().bytes())
            .toList();
    return gates.stream()
        .map(gate -> gate.judge(entry, before, shares))
        .flatMap(Optional::stream)
        .toList();
  }
}
