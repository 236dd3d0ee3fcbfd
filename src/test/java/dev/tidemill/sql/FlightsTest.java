package dev.tidemill.sql;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FlightsTest {
  private static final Schema FLIGHT =
      SchemaBuilder.record("Flight")
          .fields()
          .requiredString("date")
          .optionalInt("delay")
          .requiredInt("distance")
          .requiredString("origin")
          .requiredString("destination")
          .endRecord();
  private static final Map<String, Schema> SOURCES = Map.of("flights", FLIGHT);

  @Test
  void the_first_statement_counts_and_averages_per_origin() throws Exception {
    Query query =
        Query.compile(
            """
            SELECT origin, COUNT(*) AS departures, AVG(delay) AS avg_delay,
                   MAX(delay) AS worst, SUM(distance) AS miles
            FROM flights WHERE destination <> origin GROUP BY origin
            """,
            SOURCES);
    var rows =
        Batch.run(
            query,
            Map.of(
                "flights",
                List.of(
                    flight(33, 2176, "LAS", "PHL"),
                    flight(null, 100, "LAS", "ATL"),
                    flight(10, 5, "ATL", "ATL"),
                    flight(2, 200, "LAS", "ATL"))));
    assertThat(rows).containsExactly(new Object[] {"LAS", 3L, 17.5, 33, 2476L});
    assertThat(query.resultSchema().toString())
        .isEqualTo(
            "{\"type\":\"record\",\"name\":\"Result\",\"namespace\":\"dev.tidemill\",\"fields\":["
                + "{\"name\":\"origin\",\"type\":\"string\"},"
                + "{\"name\":\"departures\",\"type\":\"long\"},"
                + "{\"name\":\"avg_delay\",\"type\":[\"null\",\"double\"],\"default\":null},"
                + "{\"name\":\"worst\",\"type\":[\"null\",\"int\"],\"default\":null},"
                + "{\"name\":\"miles\",\"type\":\"long\"}]}");
  }

  @Test
  void a_failing_expression_is_named_as_it_was_written() throws Exception {
    var query = Query.compile("SELECT origin, 100 * (distance / delay) AS x FROM flights", SOURCES);
    var operator = query.branches().get(0).operator();
    assertThat(operator.apply(flight(2, 10, "A", "B"))).containsExactly("A", 500);
    assertThatThrownBy(() -> operator.apply(flight(0, 10, "A", "B")))
        .isInstanceOf(EvaluationException.class)
        .hasMessage("distance / delay: division by zero");
    assertThat(operator.apply(flight(null, 10, "A", "B"))).isEqualTo(new Object[] {"A", null});
  }

  @Test
  void a_rule_keeps_rows_for_which_it_is_true_or_unknown() throws Exception {
    var rule = Query.compileRule("delay > 5 AND flights.distance > 0", "flights", FLIGHT);
    Object[] good = flight(6, 1, "A", "B");
    assertThat(rule.apply(good)).isSameAs(good);
    assertThat(rule.apply(flight(null, 1, "A", "B"))).isNotNull();
    assertThat(rule.apply(flight(null, 0, "A", "B"))).isNull();
    assertThat(rule.apply(flight(5, 1, "A", "B"))).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          distnce > 0                  | 1:1 column 'distnce' not found in any table; did you mean 'distance'?
          distance > 0 AND dealy > 1   | 1:18 column 'dealy' not found in any table; did you mean 'delay'?
          distance >                   | 1:10 syntax error: the statement ends too early
          distance                     | 1:1 this is no condition, which is TRUE or FALSE; compare it, as in x > 0
          COUNT(*) > 1                 | 1:1 a rule looks at one record alone and has no aggregate; a gate of 'require' looks at a batch
          distance > '5'               | 1:1 can not compare INTEGER with VARCHAR; write the number without quotation marks
          delay > RAND()               | 1:9 not supported: RAND; a batch must have the same result whenever it is computed; use a column
          origin IN (SELECT origin FROM flights) | 1:12 a rule looks at one record alone and has no subquery; a gate of 'require' looks at a batch
          delay > LAG(delay) OVER (ORDER BY delay) | 1:9 a rule looks at one record alone and has no window; a gate of 'require' looks at a batch
          """)
  void problems_of_a_rule_have_places_in_its_own_text(String rule, String expected) {
    assertThatThrownBy(() -> Query.compileRule(rule, "flights", FLIGHT))
        .isInstanceOfSatisfying(
            SqlException.class,
            e -> {
              var first = e.problems().get(0);
              assertThat(first.line() + ":" + first.column() + " " + first.message())
                  .isEqualTo(expected);
            });
  }

  @Test
  void a_rule_that_can_not_be_evaluated_says_so() throws Exception {
    var rule = Query.compileRule("distance / delay > 1", "flights", FLIGHT);
    assertThatThrownBy(() -> rule.apply(flight(0, 1, "A", "B")))
        .isInstanceOf(EvaluationException.class)
        .hasMessage("distance / delay: division by zero");
  }

  @Test
  void an_unnamed_column_is_named_by_its_place() throws Exception {
    var query = Query.compile("SELECT origin, distance + 1 FROM flights", SOURCES);
    assertThat(query.resultSchema().getFields())
        .extracting(Schema.Field::name)
        .containsExactly("origin", "expr_2");
  }

  @Test
  void a_long_list_of_values_compiles() throws Exception {
    String values = IntStream.range(0, 500).mapToObj(String::valueOf).collect(joining(", "));
    var query =
        Query.compile("SELECT origin FROM flights WHERE delay IN (" + values + ")", SOURCES);
    var operator = query.branches().get(0).operator();
    assertThat(operator.apply(flight(499, 1, "A", "B"))).containsExactly("A");
    assertThat(operator.apply(flight(500, 1, "A", "B"))).isNull();
  }

  @Test
  void unknown_columns_are_all_told_with_the_nearest_name() {
    assertThatThrownBy(() -> Query.compile("SELECT orgin,\n  dealy FROM flights", SOURCES))
        .isInstanceOfSatisfying(
            SqlException.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        new SqlException.Problem(
                            1, 8, "column 'orgin' not found in any table; did you mean 'origin'?"),
                        new SqlException.Problem(
                            2, 3, "column 'dealy' not found in any table; did you mean 'delay'?")));
  }

  private static Object[] flight(Integer delay, int distance, String origin, String destination) {
    return Arrays.asList("2001/01/01 00:01", delay, distance, origin, destination).toArray();
  }
}
