package dev.tidemill.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random statements over random tables have the same result here, in DuckDB and in PostgreSQL. */
final class DifferentialTest {
  private static Oracles oracles;

  @BeforeAll
  static void connect() throws Exception {
    oracles = new Oracles(Map.of());
  }

  @AfterAll
  static void close() throws Exception {
    oracles.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void random_statements_agree(long seed) throws Exception {
    check(seed, 100);
  }

  @Test
  void statements_of_a_fresh_seed_agree() throws Exception {
    RandomTrials.run(DifferentialTest.class, seed -> check(seed, 30));
  }

  private static void check(long seed, int statements) throws Exception {
    var random = new Random(seed);
    var rows = Tables.rows(seed, random.nextInt(10) == 0 ? 0 : 40);
    var generator = new RandomStatement(random);
    oracles.load(rows);
    for (int i = 0; i < statements; i++) {
      String statement = generator.next();
      assertThat(difference(statement, rows, random))
          .as(() -> Oracles.report(seed, statement, "", rows))
          .isEmpty();
    }
  }

  private static String difference(
      String statement, Map<String, List<Object[]>> rows, Random random) {
    try {
      Query query = Query.compile(statement.replace("÷", "/"), Tables.SOURCES);
      var whole = Batch.run(query, rows);
      String difference = oracles.difference(whole, statement, DifferentialTest::dialect);
      return sameBits(whole, Batch.run(query, rows, 4, random))
          ? difference
          : difference + "depends on the order";
    } catch (SqlException | EvaluationException | RuntimeException e) {
      return e.toString();
    }
  }

  static String dialect(Oracle oracle, String sql) {
    return sql.replace("÷", oracle.name().equals("duckdb") ? "//" : "/");
  }

  private static boolean sameBits(List<Object[]> whole, List<Object[]> split) {
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
