package dev.tidemill.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code FOR SYSTEM_TIME AS OF} has the result of DuckDB's {@code ASOF JOIN}, over random versions
 * with ties, times before the first version, and deletions. {@code -Dtidemill.seed=N} begins with
 * another seed.
 */
final class AsOfDifferentialTest {
  private static final EventTimes TIMES = new EventTimes(Map.of("t", "ts"), Map.of("u", "g"));

  /** For each record of t its version: of equal times the later row counts, and a deletion none. */
  private static final String VERSIONS =
      "(SELECT t.id AS tid, u.* FROM t ASOF JOIN (SELECT * FROM u QUALIFY ROW_NUMBER() OVER"
          + " (PARTITION BY g, ts ORDER BY id DESC) = 1) u ON t.g = u.g AND t.ts >= u.ts"
          + " WHERE u.b IS NOT NULL)";

  private static final List<String> STATEMENTS =
      List.of(
          "SELECT a.id, v.id AS vid, v.i, v.s FROM t a [JOIN]",
          "SELECT a.id, v.id AS vid, v.i FROM t a LEFT [JOIN]",
          "SELECT a.g, COUNT(*) AS n, COUNT(v.id) AS found, SUM(v.p) AS p FROM t a LEFT [JOIN]"
              + " GROUP BY a.g",
          "SELECT a.id, v.id AS vid FROM t a [JOIN] AND v.i > a.i",
          "SELECT a.id, v.id AS vid FROM t a LEFT [JOIN] AND v.i > 0",
          "SELECT a.id, v.id AS vid FROM t a [JOIN] WHERE v.i > 0 AND a.i IS NOT NULL",
          "SELECT a.id, v.id AS vid FROM t a LEFT [JOIN] WHERE v.i IS NULL",
          "SELECT a.id, CAST(v.i AS BIGINT) + a.i AS x FROM t a LEFT [JOIN] WHERE COALESCE(v.i, 0) < 10"
              + " AND COALESCE(a.i, 0) < 10",
          "SELECT a.id, v.id AS vid, w.id AS wid FROM t a [JOIN] LEFT JOIN e w ON w.g = v.s",
          "SELECT x.g, MAX(x.vid) AS m FROM (SELECT a.g, v.id AS vid FROM t a [JOIN]) AS x"
              + " GROUP BY x.g",
          "SELECT x.id, x.vid, b.id AS bid FROM (SELECT a.id, a.i, v.id AS vid FROM t a [JOIN])"
              + " AS x JOIN t b ON x.i = b.i",
          "SELECT a.id, v.id AS vid FROM t a [JOIN] UNION ALL SELECT id, i FROM t",
          "SELECT a.id, v.id AS vid, ROW_NUMBER() OVER (PARTITION BY v.g ORDER BY a.id) AS n"
              + " FROM t a [JOIN]");

  static LongStream seeds() {
    long first = Long.getLong("tidemill.seed", 1);
    return LongStream.range(first, first + Integer.getInteger("tidemill.seeds", 25));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void each_record_sees_the_version_of_its_own_time(long seed) throws Exception {
    var random = new Random(seed);
    Map<String, List<Object[]>> rows = new HashMap<>(Tables.rows(seed, 60));
    rows.put("t", timed(rows.get("t"), random));
    rows.put("u", timed(rows.get("u"), random));
    try (var duck = new Duck(rows)) {
      for (String statement : STATEMENTS) {
        String ours =
            statement.replace("[JOIN]", "JOIN u FOR SYSTEM_TIME AS OF a.ts AS v ON a.g = v.g");
        String theirs = statement.replace("[JOIN]", "JOIN " + VERSIONS + " v ON v.tid = a.id");
        var query = Query.compile(ours, Tables.SOURCES, Map.of("u", Query.OnMiss.JOIN), TIMES);
        var found = Batch.run(query, rows, 1 + random.nextInt(5), random);
        assertThat(Comparison.difference(found, duck.query(theirs))).as(ours).isEmpty();
      }
    }
  }

  /** With times that often are the same. */
  private static List<Object[]> timed(List<Object[]> rows, Random random) {
    var timed = new ArrayList<Object[]>();
    for (Object[] row : rows) {
      Object[] copy = row.clone();
      copy[Tables.TS] = 1_000L * random.nextInt(25);
      timed.add(copy);
    }
    return timed;
  }
}
