package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/** Where a batch is loaded. */
public sealed interface TargetDefinition {

  /**
   * What the ledger calls it, unique within the pipeline: {@code <kind>:<table>}, behind {@code
   * <query>.} if it belongs to a statement with a name.
   */
  default String name() {
    return query().isEmpty() ? place() : query() + "." + place();
  }

  /** Whose rows it takes: the name of a statement; empty if that has none. */
  String query();

  /** {@code <kind>:<table>}. */
  String place();

  String table();

  /**
   * @param query whose rows it takes
   * @param url a {@code jdbc:postgresql:} URL, secrets resolved: never to be shown
   * @param table optionally qualified by a schema
   */
  record Postgres(String query, String url, String table) implements TargetDefinition {
    public Postgres {
      requireNonNull(query, "query");
      requireNonNull(url, "url");
      requireNonNull(table, "table");
    }

    /** Of a statement without a name. */
    public Postgres(String url, String table) {
      this("", url, table);
    }

    @Override
    public String place() {
      return "postgres:" + table;
    }

    /** Without the URL, which may hold a password. */
    @Override
    public String toString() {
      return name();
    }
  }

  /**
   * @param query whose rows it takes
   * @param path absolute path of the database file
   */
  record DuckDb(String query, Path path, String table) implements TargetDefinition {
    public DuckDb {
      requireNonNull(query, "query");
      requireNonNull(path, "path");
      requireNonNull(table, "table");
    }

    /** Of a statement without a name. */
    public DuckDb(Path path, String table) {
      this("", path, table);
    }

    @Override
    public String place() {
      return "duckdb:" + table;
    }
  }
}
