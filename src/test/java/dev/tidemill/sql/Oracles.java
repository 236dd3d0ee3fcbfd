package dev.tidemill.sql;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** DuckDB and PostgreSQL with the same tables. */
final class Oracles implements AutoCloseable {
  private final List<Oracle> oracles;

  Oracles(Map<String, List<Object[]>> rows) throws SQLException {
    oracles = List.of(new Duck(rows), new Postgres(rows));
  }

  /** Takes other rows in the place of those that are there. */
  void load(Map<String, List<Object[]>> rows) throws SQLException {
    for (Oracle oracle : oracles) {
      oracle.load(rows);
    }
  }

  /** Says how rows differ from those of the statement in each database; empty if they do not. */
  String difference(List<Object[]> ours, String sql) {
    return difference(ours, sql, (oracle, statement) -> statement);
  }

  /**
   * @param dialect the statement as a database is asked
   */
  String difference(List<Object[]> ours, String sql, BiFunction<Oracle, String, String> dialect) {
    var differences = new StringBuilder();
    for (Oracle oracle : oracles) {
      String difference;
      try {
        difference = Comparison.difference(ours, oracle.query(dialect.apply(oracle, sql)));
      } catch (SQLException e) {
        difference = e.getMessage();
      }
      if (!difference.isEmpty()) {
        differences.append(oracle.name()).append(": ").append(difference).append('\n');
      }
    }
    return differences.toString();
  }

  /** All that is needed to see a difference again. */
  static String report(
      long seed, String sql, String difference, Map<String, List<Object[]>> tables) {
    var report = new StringBuilder("seed " + seed + ": " + sql + "\n" + difference);
    tables.forEach(
        (name, rows) -> {
          report.append(name).append(" has\n");
          rows.forEach(row -> report.append("  ").append(Arrays.toString(row)).append('\n'));
        });
    return report.toString();
  }

  @Override
  public void close() throws SQLException {
    for (Oracle oracle : oracles) {
      oracle.close();
    }
  }
}
