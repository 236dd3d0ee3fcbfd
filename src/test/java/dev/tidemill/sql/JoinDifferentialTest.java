package dev.tidemill.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random statements of joins have the result of DuckDB, whatever the partitions, the order and the
 * number of shares, and whether a relation is a stream or a table. {@code -Dtidemill.seed=N} begins
 * with another seed.
 */
final class JoinDifferentialTest {
  private static final int STATEMENTS = 10;

  static LongStream seeds() {
    long first = Long.getLong("tidemill.seed", 1);
    return LongStream.range(first, first + Integer.getInteger("tidemill.seeds", 30));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void joins_are_those_of_a_database(long seed) throws Exception {
    var rows = Tables.rows(seed, 40);
    var statements = new RandomJoins(seed);
    var random = new Random(seed);
    try (var duck = new Duck(rows)) {
      for (int i = 0; i < STATEMENTS; i++) {
        String sql = statements.next();
        var expected = duck.query(sql);
        var streams = Query.compile(sql, Tables.SOURCES);
        var found = Batch.run(streams, rows, 1 + random.nextInt(5), random);
        assertThat(Comparison.difference(found, expected)).as(sql).isEmpty();
        if (streams.branches().stream().anyMatch(branch -> branch.source().equals("t"))) {
          var tables = Query.compile(sql, Tables.SOURCES, Map.of("u", Query.OnMiss.JOIN));
          var looked = Batch.run(tables, rows, 1 + random.nextInt(5), random);
          assertThat(Comparison.difference(looked, expected)).as("u is a table: %s", sql).isEmpty();
        }
      }
    }
  }
}
