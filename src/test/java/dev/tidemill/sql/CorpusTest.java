package dev.tidemill.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every statement of corpus.sql has the same result here and in DuckDB. */
final class CorpusTest {
  private static final Map<String, List<Object[]>> ROWS = Tables.rows(42, 120);
  private static Duck duck;

  record Case(String ours, String theirs) {
    @Override
    public String toString() {
      return ours;
    }
  }

  @BeforeAll
  static void load() throws Exception {
    duck = new Duck(ROWS);
  }

  @AfterAll
  static void close() throws Exception {
    duck.close();
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void has_the_result_of_a_database_whatever_the_partitions_and_the_order(Case statement)
      throws Exception {
    Query query = Query.compile(statement.ours(), Tables.SOURCES);
    var whole = Batch.run(query, ROWS);
    var expected = duck.query(statement.theirs());
    assertThat(Comparison.difference(whole, expected)).isEmpty();
    // Rows of a table have no place in the log, so what goes by places is not the same.
    boolean byPlace =
        query.inputs().stream()
            .flatMap(input -> input.aggregation().stream())
            .anyMatch(Aggregation::needsPlace);
    if (!byPlace && query.branches().stream().anyMatch(branch -> !branch.source().equals("u"))) {
      var lookup = Query.compile(statement.ours(), Tables.SOURCES, Map.of("u", Query.OnMiss.JOIN));
      assertThat(Comparison.difference(Batch.run(lookup, ROWS), expected))
          .as("where u is a table")
          .isEmpty();
    }
    var random = new Random(statement.ours().hashCode());
    var split = Batch.run(query, ROWS, 1 + random.nextInt(9), random);
    assertThat(split)
        .usingElementComparator((a, b) -> Arrays.deepEquals(a, b) ? 0 : 1)
        .containsExactlyInAnyOrderElementsOf(whole);
  }

  static Stream<Case> corpus() throws Exception {
    var cases = new ArrayList<Case>();
    try (var in = CorpusTest.class.getResourceAsStream("corpus.sql")) {
      for (String line : new String(in.readAllBytes(), UTF_8).split("\n")) {
        if (line.startsWith("duckdb:")) {
          Case last = cases.remove(cases.size() - 1);
          cases.add(new Case(last.ours(), line.substring("duckdb:".length())));
        } else if (!line.isBlank() && !line.startsWith("--")) {
          cases.add(new Case(line, line));
        }
      }
    }
    return cases.stream();
  }
}
