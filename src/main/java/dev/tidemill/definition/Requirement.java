package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * What must hold for a batch before it is published: a gate.
 *
 * @param name its name
 * @param sql a statement over the batch's result whose one value must be {@code condition}, a
 *     number; or empty, and {@code condition} is a SQL condition
 */
public record Requirement(String name, Optional<String> sql, String condition) {
  public Requirement {
    requireNonNull(name, "name");
    requireNonNull(sql, "sql");
    requireNonNull(condition, "condition");
  }

  /** For people. */
  public String text() {
    return sql.map(statement -> "(" + statement + ") = " + condition).orElse(condition);
  }
}
