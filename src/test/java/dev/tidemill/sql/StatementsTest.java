package dev.tidemill.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Several statements of one pipeline: what each gives, and what is wrong with them. */
final class StatementsTest {
  private static final Map<String, List<Object[]>> ROWS = Tables.rows(7, 80);

  @Test
  void each_has_the_result_that_it_has_alone_in_any_number_of_shares() throws Exception {
    List<NamedStatement> statements =
        List.of(
            output("groups", "SELECT g, COUNT(*) AS n, SUM(i) AS s FROM t GROUP BY g"),
            output("rows_of_t", "SELECT id, s FROM t WHERE i > 0"),
            output("total", "SELECT COUNT(*) AS n, MAX(l) AS l FROM t"),
            output("joined", "SELECT a.id, b.id AS bid FROM t a LEFT JOIN u b ON a.i = b.i"),
            output("other", "SELECT b, COUNT(*) AS n FROM u GROUP BY b"),
            output("top", "SELECT id FROM t ORDER BY d DESC NULLS LAST, id LIMIT 5"));
    check(statements, Map.of());
  }

  @Test
  void one_reads_another_as_if_it_stood_there() throws Exception {
    List<NamedStatement> statements =
        List.of(
            output("worst", "SELECT g FROM big ORDER BY n DESC, g LIMIT 2"),
            view("big", "SELECT * FROM groups WHERE n > 3"),
            output("groups", "SELECT g, COUNT(*) AS n FROM t GROUP BY g"),
            output("both", "SELECT a.g, a.n, b.n AS m FROM groups a JOIN Groups b ON a.g = b.g"));
    String groups = "(SELECT g, COUNT(*) AS n FROM t GROUP BY g)";
    check(
        statements,
        Map.of(
            "worst", "SELECT g FROM " + groups + " AS x WHERE n > 3 ORDER BY n DESC, g LIMIT 2",
            "both",
                "SELECT a.g, a.n, b.n AS m FROM "
                    + groups
                    + " a JOIN "
                    + groups
                    + " b ON a.g = b.g"));
  }

  /**
   * @param alone what DuckDB is asked where that is not the text itself
   */
  private static void check(List<NamedStatement> statements, Map<String, String> alone)
      throws Exception {
    Query query = compile(statements);
    try (var duck = new Duck(ROWS)) {
      for (int seed = 0; seed < 5; seed++) {
        var random = new Random(seed);
        List<Object[]> all =
            seed == 0
                ? Batch.run(query, ROWS)
                : Batch.run(query, ROWS, 1 + random.nextInt(9), random);
        int rows = 0;
        for (Output output : query.outputs()) {
          List<Object[]> own = new ArrayList<>();
          all.stream().filter(output::has).map(output::of).forEach(own::add);
          rows += own.size();
          String sql =
              statements.stream()
                  .filter(s -> s.name().equals(output.name()))
                  .findFirst()
                  .orElseThrow()
                  .sql();
          var expected = duck.query(alone.getOrDefault(output.name(), sql));
          assertThat(Comparison.difference(own, expected)).as(output.name()).isEmpty();
        }
        assertThat(rows).isEqualTo(all.size());
      }
    }
  }

  @Test
  void a_pipeline_that_publishes_one_statement_has_its_rows_as_they_are() throws Exception {
    Query query =
        compile(
            List.of(
                view("groups", "SELECT g, COUNT(*) AS n FROM t GROUP BY g"),
                output("big", "SELECT g FROM groups WHERE n > 3")));
    assertThat(query.outputs()).hasSize(1);
    assertThat(query.resultSchema().getFields()).extracting(f -> f.name()).containsExactly("g");
  }

  @Test
  void a_problem_has_its_place_in_its_own_statement() {
    assertThat(
            problems(
                output("a", "SELECT id,\n  nope\nFROM t"),
                output("b", "SELECT id\nFROM a"),
                output("c", "SELECT\n  idd FROM u"),
                view("d", "SELECT id FROM t"),
                output("e", "SELECT id FROM")))
        .containsExactlyInAnyOrder(
            "a 2:3 column 'nope' not found in any table",
            "c 2:3 column 'idd' not found in any table; did you mean 'id'?",
            "d 1:1 nothing reads 'd' or loads it; give it a 'load', or remove it",
            "e 1:14 syntax error: the statement ends too early");
  }

  @Test
  void a_statement_can_not_read_itself() {
    assertThat(
            problems(
                output("a", "SELECT id FROM b"),
                output("b", "SELECT id FROM (SELECT * FROM c) AS x"),
                output("c", "SELECT id FROM A"),
                output("d", "SELECT id FROM d")))
        .containsExactlyInAnyOrder(
            "a 1:1 'a' reads itself by way of 'c'; a result is there when it is whole",
            "d 1:1 'd' reads itself; a result is there when it is whole");
  }

  @Test
  void a_source_that_is_not_there_is_named_beside_the_statements() {
    assertThat(problems(output("groups", "SELECT id FROM t"), output("b", "SELECT id FROM grups")))
        .containsExactly(
            "b 1:16 there is no source 'grups'; did you mean 'groups'?; the sources are: e, groups,"
                + " t, u");
  }

  @Test
  void a_failing_expression_is_quoted_from_the_statement_that_has_it() throws Exception {
    Query query =
        compile(
            List.of(
                output("first", "SELECT id\nFROM t"),
                view("halves", "SELECT\n  id, 1 / (id - id) AS x\nFROM t"),
                output("second", "SELECT x + 1 AS y FROM halves")));
    var failure = catchThrowableOfType(EvaluationException.class, () -> Batch.run(query, ROWS));
    assertThat(failure).hasMessage("1 / (id - id): division by zero");
  }

  private static NamedStatement output(String name, String sql) {
    return new NamedStatement(name, sql, true);
  }

  private static NamedStatement view(String name, String sql) {
    return new NamedStatement(name, sql, false);
  }

  private static Query compile(List<NamedStatement> statements) throws Statements.Wrong {
    return QueryCompiler.compile(
        statements, Tables.SOURCES, Map.of(), EventTimes.NONE, UserFunctions.NONE);
  }

  private static List<String> problems(NamedStatement... statements) {
    var wrong = catchThrowableOfType(Statements.Wrong.class, () -> compile(List.of(statements)));
    List<String> problems = new ArrayList<>();
    wrong
        .problems()
        .forEach(
            (name, all) ->
                all.problems()
                    .forEach(
                        p ->
                            problems.add(
                                name + " " + p.line() + ":" + p.column() + " " + p.message())));
    return problems;
  }
}
