package dev.tidemill.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random statements over random tables have the same result here and in DuckDB. */
final class DifferentialTest {
  private static final int STATEMENTS = 100;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void random_statements_agree_with_duckdb(long seed) throws Exception {
    var random = new Random(seed);
    var rows = Tables.rows(seed, 40);
    var statements = new RandomStatement(random);
    var differences = new ArrayList<String>();
    try (var duck = new Duck(rows)) {
      for (int i = 0; i < STATEMENTS; i++) {
        String statement = statements.next();
        String ours = statement.replace("÷", "/");
        try {
          Query query = Query.compile(ours, Tables.SOURCES);
          var whole = Batch.run(query, rows);
          var expected = duck.query(statement.replace("÷", "//"));
          String difference = Comparison.difference(whole, expected);
          var split = Batch.run(query, rows, 4, random);
          if (!sameBits(whole, split)) {
            difference += "\n  depends on the order";
          }
          if (!difference.isEmpty()) {
            differences.add("seed " + seed + ": " + ours + "\n  " + difference);
          }
        } catch (SqlException | EvaluationException | RuntimeException | java.sql.SQLException e) {
          differences.add("seed " + seed + ": " + ours + "\n  " + e);
        }
      }
    }
    assertThat(differences).isEmpty();
  }

  private static boolean sameBits(java.util.List<Object[]> whole, java.util.List<Object[]> split) {
    var rest = new ArrayList<>(split);
    for (Object[] row : whole) {
      var found = rest.stream().filter(r -> Arrays.deepEquals(r, row)).findFirst();
      if (found.isEmpty() || !rest.remove(found.get())) {
        return false;
      }
    }
    return rest.isEmpty();
  }
}
