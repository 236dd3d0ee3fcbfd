package dev.tidemill.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random statements of joins have the result of DuckDB and PostgreSQL, whatever the partitions, the
 * order and the number of shares, and whether a relation is a stream or a table.
 */
final class JoinDifferentialTest {
  private static final int STATEMENTS = 10;
  private static Oracles oracles;

  @BeforeAll
  static void connect() throws Exception {
    oracles = new Oracles(Map.of());
  }

  @AfterAll
  static void close() throws Exception {
    oracles.close();
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 30);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void joins_are_those_of_a_database(long seed) throws Exception {
    check(seed);
  }

  @Test
  void joins_of_a_fresh_seed_are_those_of_a_database() throws Exception {
    RandomTrials.run(JoinDifferentialTest.class, JoinDifferentialTest::check);
  }

  private static void check(long seed) throws Exception {
    var random = new Random(seed);
    var rows = Tables.rows(seed, random.nextInt(10) == 0 ? 0 : 40);
    var statements = new RandomJoins(seed);
    oracles.load(rows);
    for (int i = 0; i < STATEMENTS; i++) {
      String sql = statements.next();
      var streams = Query.compile(sql, Tables.SOURCES);
      var found = Batch.run(streams, rows, 1 + random.nextInt(5), random);
      assertThat(oracles.difference(found, sql))
          .as(() -> Oracles.report(seed, sql, "", rows))
          .isEmpty();
      if (streams.branches().stream().anyMatch(branch -> branch.source().equals("t"))) {
        var tables = Query.compile(sql, Tables.SOURCES, Map.of("u", Query.OnMiss.JOIN));
        var looked = Batch.run(tables, rows, 1 + random.nextInt(5), random);
        assertThat(Comparison.difference(looked, found))
            .as(() -> Oracles.report(seed, sql, "u is a table\n", rows))
            .isEmpty();
      }
    }
  }
}
