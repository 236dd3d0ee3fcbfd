package dev.tidemill.sql;

import static java.util.Objects.requireNonNull;

/**
 * One of the statements of a pipeline.
 *
 * @param name by which others read its result; empty if it is the only one and has none
 * @param sql its text
 * @param isOutput whether its rows are published; if not, it is there for others to read
 */
public record NamedStatement(String name, String sql, boolean isOutput) {
  public NamedStatement {
    requireNonNull(name, "name");
    requireNonNull(sql, "sql");
  }
}
