package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A statement of a pipeline, what must hold for its result, and where that goes.
 *
 * @param name by which other statements read its result; empty if the pipeline has {@code sql}
 *     instead of {@code queries}
 * @param sql its text
 * @param require gates over its result, in the order of the file
 * @param targets in the order of the file; none if it is only there for others to read
 */
public record QueryDefinition(
    String name, String sql, List<Requirement> require, List<TargetDefinition> targets) {
  public QueryDefinition {
    requireNonNull(name, "name");
    requireNonNull(sql, "sql");
    require = List.copyOf(require);
    targets = List.copyOf(targets);
  }
}
