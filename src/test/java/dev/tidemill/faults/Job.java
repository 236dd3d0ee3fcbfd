package dev.tidemill.faults;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a pipeline is made of, beside its source and its batches.
 *
 * @param results one without a name, or several
 * @param batch more keys of the batch rule, in YAML
 * @param require gates in YAML; empty if there are none
 */
record Job(List<Result> results, List<TableLog> tables, String batch, String require) {

  static Job of(Result... results) {
    return new Job(List.of(results), List.of(), "", "");
  }

  Job joining(TableLog... logs) {
    return new Job(results, List.of(logs), batch, require);
  }

  Job batch(String keys) {
    return new Job(results, tables, keys, require);
  }

  Job require(String gates) {
    return new Job(results, tables, batch, gates);
  }

  /** Whether records are where their keys are, as a table in parts wants it. */
  boolean isKeyed() {
    return tables.stream().anyMatch(TableLog::isInParts);
  }

  /** The end of the definition. */
  String yaml(String url) {
    String each = results.stream().map(result -> result.yaml(url)).collect(Collectors.joining());
    return results.get(0).query().isEmpty()
        ? each + (require.isEmpty() ? "" : "require: " + require + "\n")
        : "queries:\n" + each.indent(2);
  }
}
