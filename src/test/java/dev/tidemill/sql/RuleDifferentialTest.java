package dev.tidemill.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random rules of {@code expect} keep the rows that a CHECK of DuckDB and PostgreSQL would keep.
 */
final class RuleDifferentialTest {
  @Test
  void rules_of_a_fresh_seed_keep_what_a_check_keeps() throws Exception {
    try (var oracles = new Oracles(Map.of())) {
      RandomTrials.run(RuleDifferentialTest.class, seed -> check(seed, oracles));
    }
  }

  private static void check(long seed, Oracles oracles) throws Exception {
    var random = new Random(seed);
    var rows = Tables.rows(seed, 40);
    var generator = new RandomStatement(random);
    oracles.load(rows);
    for (int i = 0; i < 20; i++) {
      String condition = generator.rule();
      RowOperator rule = Query.compileRule(condition.replace("÷", "/"), "t", Tables.SCHEMA);
      List<Object[]> kept = new ArrayList<>();
      for (Object[] row : rows.get("t")) {
        if (rule.apply(row) != null) {
          kept.add(new Object[] {row[0]});
        }
      }
      String sql = "SELECT id FROM t WHERE (" + condition + ") IS NOT FALSE";
      assertThat(oracles.difference(kept, sql, DifferentialTest::dialect))
          .as(() -> Oracles.report(seed, condition, "", rows))
          .isEmpty();
    }
  }
}
