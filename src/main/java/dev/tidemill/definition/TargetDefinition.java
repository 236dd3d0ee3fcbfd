package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/** Where a batch is loaded. */
public sealed interface TargetDefinition {

  /** What the ledger calls it, unique within the pipeline: {@code <kind>:<table>}. */
  String name();

  String table();

  /**
   * @param url a {@code jdbc:postgresql:} URL, secrets resolved: never to be shown
   * @param table optionally qualified by a schema
   */
  record Postgres(String url, String table) implements TargetDefinition {
    public Postgres {
      requireNonNull(url, "url");
      requireNonNull(table, "table");
    }

    @Override
    public String name() {
      return "postgres:" + table;
    }

    /** Without the URL, which may hold a password. */
    @Override
    public String toString() {
      return name();
    }
  }

  /**
   * @param path absolute path of the database file
   */
  record DuckDb(Path path, String table) implements TargetDefinition {
    public DuckDb {
      requireNonNull(path, "path");
      requireNonNull(table, "table");
    }

    @Override
    public String name() {
      return "duckdb:" + table;
    }
  }
}
