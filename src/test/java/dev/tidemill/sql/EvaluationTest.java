package dev.tidemill.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a record is rejected for, and what it is not. */
final class EvaluationTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      textBlock =
          """
          i / 0                        # i / 0: division by zero
          MOD(i, 0)                    # MOD(i, 0): division by zero
          d / 0                        # d / 0: division by zero
          d / (i - 5)                  # d / (i - 5): division by zero
          p / 0                        # p / 0: division by zero
          1 + 10 / (i - 5) * 2         # 10 / (i - 5): division by zero
          i + 2147483647               # i + 2147483647: the result is out of the range of INTEGER
          i * 2000000000               # i * 2000000000: the result is out of the range of INTEGER
          -2147483648 - i              # -2147483648 - i: the result is out of the range of INTEGER
          -(i - 2147483647 - 6)        # -(i - 2147483647 - 6): the result is out of the range of INTEGER
          l + l                        # l + l: the result is out of the range of BIGINT
          l * 2                        # l * 2: the result is out of the range of BIGINT
          -1 - l - 2                   # -1 - l - 2: the result is out of the range of BIGINT
          CAST(l AS INTEGER)           # CAST(l AS INTEGER): 9223372036854775807 is out of the range of INTEGER
          CAST(s AS INTEGER)           # CAST(s AS INTEGER): 'text' is not a INTEGER
          CAST(s AS DATE)              # CAST(s AS DATE): 'text' is not a DATE (yyyy-MM-dd)
          CAST(s AS DOUBLE)            # CAST(s AS DOUBLE): 'text' is not a DOUBLE
          CAST(s AS BOOLEAN)           # CAST(s AS BOOLEAN): 'text' is not a BOOLEAN
          CAST(s AS DECIMAL(5, 2))     # CAST(s AS DECIMAL(5, 2)): 'text' is not a DECIMAL
          CAST(s AS TIMESTAMP)         # CAST(s AS TIMESTAMP): 'text' is not a TIMESTAMP (yyyy-MM-dd HH:mm:ss)
          CAST(REPLACE(s, 'text', '2023-02-30 10:00') AS TIMESTAMP) # CAST(REPLACE(s, 'text', '2023-02-30 10:00') AS TIMESTAMP): '2023-02-30 10:00' is not a TIMESTAMP (yyyy-MM-dd HH:mm:ss)
          TO_DATE(REPLACE(s, 'text', '2023-02-30'), 'YYYY-MM-DD') # TO_DATE(REPLACE(s, 'text', '2023-02-30'), 'YYYY-MM-DD'): '2023-02-30' is not in the format 'YYYY-MM-DD'
          TO_TIMESTAMP(REPLACE(s, 'text', '24:00 1 May 2023'), 'HH24:MI DD MON YYYY') # TO_TIMESTAMP(REPLACE(s, 'text', '24:00 1 May 2023'), 'HH24:MI DD MON YYYY'): '24:00 1 May 2023' is not in the format 'HH24:MI DD MON YYYY'
          CAST(12345.6 AS DECIMAL(5, 2)) # CAST(12345.6 AS DECIMAL(5, 2)): Value 12345.6 cannot be represented as a DECIMAL(5, 2)
          CAST(1E300 AS BIGINT)        # CAST(1E300 AS BIGINT): 1.0E300 is out of the range of BIGINT
          LN(i - 5)                    # LN(i - 5): logarithm of 0.0, which is not positive
          SQRT(-i)                     # SQRT(-i): square root of the negative number -5.0
          POWER(-2, 1.5)               # POWER(-2, 1.5): -2.0 to the power of 1.5 is not a real number
          SUBSTRING(s, 1, i - 6)       # SUBSTRING(s, 1, i - 6): the length -1 of a substring is negative
          CASE WHEN b THEN 1 / (i - 5) ELSE 0 END # 1 / (i - 5): division by zero
          UPPER(s || CAST(1 / (i - 5) AS VARCHAR)) # 1 / (i - 5): division by zero
          COALESCE(n, 1 / (i - 5))     # 1 / (i - 5): division by zero
          REPEAT(s, 1000000000)        # REPEAT(s, 1000000000): more than 10000000 characters
          CHR(i - 5)                   # CHR(i - 5): 0 is not the number of a character
          SPLIT_PART(s, ',', i - 5)    # SPLIT_PART(s, ',', i - 5): fields of SPLIT_PART count from 1, or from -1 backwards
          TO_DATE(s, 'YYYY-MM-DD')     # TO_DATE(s, 'YYYY-MM-DD'): 'text' is not in the format 'YYYY-MM-DD'
          TO_CHAR(ts, s)               # TO_CHAR(ts, s): the format 'text' has an unknown part at 'text'; put text in double quotes
          REGEXP_LIKE(s, s || '(')     # REGEXP_LIKE(s, s || '('): 'text(' is not a regular expression: missing closing )
          REGEXP_REPLACE(s, 'e', '\\1') # REGEXP_REPLACE(s, 'e', '\\1'): the pattern has no group 1
          LOG(1, i)                    # LOG(1, i): division by zero
          DATE_TRUNC(s, ts)            # DATE_TRUNC(s, ts): DATE_TRUNC has no unit 'text'
          s::INTEGER                   # s::INTEGER: 'text' is not a INTEGER
          """)
  void a_record_that_can_not_be_evaluated_says_which_expression_and_why(
      String expression, String message) throws Exception {
    RowOperator operator = compile("SELECT id, " + expression + " AS x FROM t");
    assertThatThrownBy(() -> operator.apply(row()))
        .isInstanceOf(EvaluationException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SELECT 1 / (i - 5) AS x FROM t WHERE i <> 5
          SELECT id FROM t WHERE i <> 5 AND 1 / (i - 5) > 0
          SELECT 1 / (i - 5) AS x FROM t WHERE CAST(NULL AS BOOLEAN)
          SELECT x FROM (SELECT id, 1 / (i - 5) AS x FROM t) AS y WHERE id > 100
          """)
  void a_row_that_is_filtered_out_is_not_evaluated(String sql) throws Exception {
    assertThat(compile(sql).apply(row())).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CASE WHEN i = 5 THEN 0 ELSE 1 / (i - 5) END
          CASE WHEN i = 5 OR 1 / (i - 5) > 0 THEN 0 END
          COALESCE(0, 1 / (i - 5))
          CASE WHEN i <> 5 AND 1 / (i - 5) > 0 THEN 1 ELSE 0 END
          """)
  void a_guarded_expression_is_not_evaluated(String expression) throws Exception {
    assertThat(compile("SELECT " + expression + " AS x FROM t").apply(row())).containsExactly(0);
  }

  @Test
  void a_constant_that_fails_is_an_error_of_each_record_and_not_of_the_statement()
      throws Exception {
    assertThat(compile("SELECT 1 / 0 AS x FROM t WHERE FALSE").apply(row())).isNull();
    assertThatThrownBy(() -> compile("SELECT 1 / 0 AS x FROM t").apply(row()))
        .hasMessage("1 / 0: division by zero");
  }

  @Test
  void a_pattern_that_would_take_for_ever_elsewhere_takes_linear_time() throws Exception {
    Object[] row = row();
    row[5] = "a".repeat(50_000) + "!";
    assertThat(compile("SELECT s ~ '^(a+)+$' AS x FROM t").apply(row)).containsExactly(false);
  }

  @Test
  void a_failure_leaves_the_operator_usable() throws Exception {
    RowOperator operator = compile("SELECT 10 / (i - 5) AS x FROM t");
    Object[] good = row();
    good[1] = 7;
    assertThatThrownBy(() -> operator.apply(row())).isInstanceOf(EvaluationException.class);
    assertThat(operator.apply(good)).containsExactly(5);
  }

  @Test
  void a_sum_that_does_not_fit_fails_when_it_is_read_and_not_before() throws Exception {
    Query query = Query.compile("SELECT g, SUM(l) AS x FROM t GROUP BY g", Tables.SOURCES);
    var aggregation = query.aggregation().orElseThrow();
    var operator = query.branches().get(0).operator();
    var group = aggregation.create();
    Object[] row = row();
    group.add(operator.apply(row));
    group.add(operator.apply(row));
    byte[] key = aggregation.key(operator.apply(row));
    assertThatThrownBy(() -> aggregation.row(key, aggregation.decode(group.encode())))
        .hasMessage("SUM(l): the sum 18446744073709551614 does not fit BIGINT");
    row[2] = -Long.MAX_VALUE;
    group.add(operator.apply(row));
    assertThat(aggregation.row(key, group)).containsExactly("x", Long.MAX_VALUE);
  }

  @Test
  void an_error_above_the_aggregation_quotes_it() throws Exception {
    Query query =
        Query.compile("SELECT g, 1 / (COUNT(*) - 1) AS x FROM t GROUP BY g", Tables.SOURCES);
    assertThatThrownBy(() -> Batch.run(query, Map.of("t", List.<Object[]>of(row()))))
        .hasMessage("1 / (COUNT(*) - 1): division by zero");
  }

  @Test
  void zeros_of_both_signs_are_one_group_and_so_are_all_nans() throws Exception {
    Query query = Query.compile("SELECT d, COUNT(*) AS n FROM t GROUP BY d", Tables.SOURCES);
    var operator = query.branches().get(0).operator();
    var aggregation = query.aggregation().orElseThrow();
    assertThat(aggregation.key(operator.apply(row(-0.0))))
        .isEqualTo(aggregation.key(operator.apply(row(0.0))));
    assertThat(aggregation.key(operator.apply(row(Double.longBitsToDouble(0x7ff8000000000001L)))))
        .isEqualTo(aggregation.key(operator.apply(row(Double.NaN))));
  }

  @Test
  void an_unknown_version_of_partials_is_refused() throws Exception {
    Query query = Query.compile("SELECT g, COUNT(*) AS n FROM t GROUP BY g", Tables.SOURCES);
    assertThatThrownBy(() -> query.aggregation().orElseThrow().decode(new byte[] {9}))
        .hasMessageContaining("version 9");
  }

  private static RowOperator compile(String sql) throws SqlException {
    return Query.compile(sql.replace("n,", "NULLIF(i, 5),"), Tables.SOURCES)
        .branches()
        .get(0)
        .operator();
  }

  private static Object[] row() {
    return row(1.5);
  }

  private static Object[] row(double d) {
    return new Object[] {
      1, 5, Long.MAX_VALUE, 1f, d, "text", "x", true, new BigDecimal("1.25"), 10_000, 1_000_000L
    };
  }
}
