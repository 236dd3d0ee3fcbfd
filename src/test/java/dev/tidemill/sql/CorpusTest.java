package dev.tidemill.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every statement of corpus.sql has the same result here, in DuckDB and in PostgreSQL, over a batch
 * of many rows, one of few and one of none. What is asked differently there has a reason that
 * holds.
 */
final class CorpusTest {
  private static final List<Loaded> BATCHES = new ArrayList<>();

  /** A batch, here and in the databases. */
  private record Loaded(Map<String, List<Object[]>> rows, List<Oracle> oracles) {}

  @BeforeAll
  static void load() throws Exception {
    for (var rows : List.of(Tables.rows(42, 120), Tables.rows(7, 6), Tables.rows(1, 0))) {
      BATCHES.add(new Loaded(rows, List.of(new Duck(rows), new Postgres(rows))));
    }
  }

  @AfterAll
  static void close() throws Exception {
    for (Loaded batch : BATCHES) {
      for (Oracle oracle : batch.oracles()) {
        oracle.close();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void has_the_result_of_the_databases_whatever_the_partitions_and_the_order(Corpus.Case statement)
      throws Exception {
    Query query = Query.compile(statement.sql(), Tables.SOURCES);
    // Rows of a table have no place in the log, so what goes by places is not the same.
    boolean byPlace =
        query.inputs().stream()
            .flatMap(input -> input.aggregation().stream())
            .anyMatch(Aggregation::needsPlace);
    boolean isLookup =
        !byPlace && query.branches().stream().anyMatch(branch -> !branch.source().equals("u"));
    var lookup =
        isLookup
            ? Query.compile(statement.sql(), Tables.SOURCES, Map.of("u", Query.OnMiss.JOIN))
            : query;
    for (Loaded batch : BATCHES) {
      var whole = Batch.run(query, batch.rows());
      for (Oracle oracle : batch.oracles()) {
        assertThat(difference(whole, oracle, statement)).as(oracle.name()).isEmpty();
      }
      if (isLookup) {
        assertThat(Comparison.difference(Batch.run(lookup, batch.rows()), whole))
            .as("where u is a table")
            .isEmpty();
      }
      var random = new Random(statement.sql().hashCode());
      var split = Batch.run(query, batch.rows(), 1 + random.nextInt(9), random);
      assertThat(split)
          .usingElementComparator((a, b) -> Arrays.deepEquals(a, b) ? 0 : 1)
          .containsExactlyInAnyOrderElementsOf(whole);
    }
  }

  private static String difference(List<Object[]> ours, Oracle oracle, Corpus.Case statement)
      throws Exception {
    Corpus.Other other = statement.others().get(oracle.name());
    if (other == null) {
      return Comparison.difference(ours, oracle.query(statement.sql()));
    }
    return other.text().isPresent()
        ? Comparison.difference(ours, oracle.query(other.text().get()))
        : "";
  }

  @ParameterizedTest
  @MethodSource("exceptions")
  void what_is_asked_differently_or_not_at_all_has_to_be(Corpus.Case statement) throws Exception {
    Query query = Query.compile(statement.sql(), Tables.SOURCES);
    var needless = new TreeSet<>(statement.others().keySet());
    for (Loaded batch : BATCHES) {
      var ours = Batch.run(query, batch.rows());
      for (Oracle oracle : batch.oracles()) {
        if (needless.contains(oracle.name()) && differs(ours, oracle, statement.sql())) {
          needless.remove(oracle.name());
        }
      }
    }
    assertThat(needless).as("says the same: remove its line below the statement").isEmpty();
  }

  private static boolean differs(List<Object[]> ours, Oracle oracle, String sql) {
    try {
      return !Comparison.difference(ours, oracle.query(sql)).isEmpty();
    } catch (SQLException e) {
      return true;
    }
  }

  static Stream<Corpus.Case> corpus() throws Exception {
    return Corpus.read().stream();
  }

  static Stream<Corpus.Case> exceptions() throws Exception {
    return Corpus.read().stream().filter(statement -> !statement.others().isEmpty());
  }
}
