package dev.tidemill.faults;

import dev.tidemill.topology.RandomLog;

/**
 * What one statement makes of the log, and where it is loaded.
 *
 * @param query name of the statement; empty if it is the only one
 * @param columns of the table, for a SELECT
 * @param oracle the same statement as DuckDB understands it
 */
record Result(String query, String table, String sql, String columns, String oracle) {

  /** The only one, with the columns of the statements of {@link RandomLog}. */
  static Result only(String sql) {
    String columns = sql.equals(RandomLog.SQL) ? "k, n, total, least, most" : "k, amount";
    return only(sql, columns, sql);
  }

  static Result only(String sql, String columns, String oracle) {
    return new Result("", "results", sql, columns, oracle);
  }

  /** The same, as one of several. */
  Result named(String name) {
    return new Result(name, name, sql, columns, oracle);
  }

  /** As the ledger calls it. */
  String target() {
    return (query.isEmpty() ? "" : query + ".") + "postgres:" + table;
  }

  /**
   * For the definition.
   *
   * @param url of the database
   */
  String yaml(String url) {
    String statement =
        """
        sql: >-
          %s
        load:
          - postgres: {url: "%s", table: %s}
        """
            .formatted(sql, url, table);
    return query.isEmpty() ? statement : query + ":\n" + statement.indent(2);
  }
}
