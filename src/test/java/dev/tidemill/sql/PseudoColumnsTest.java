package dev.tidemill.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a statement can read of its batch and of the records, beside their fields. */
final class PseudoColumnsTest {
  private static final Schema FLIGHT =
      SchemaBuilder.record("F").fields().requiredInt("n").requiredString("k").endRecord();
  private static final Schema EVENT =
      SchemaBuilder.record("E").fields().requiredInt("n").requiredInt("event_time").endRecord();
  private static final Schema START =
      SchemaBuilder.record("S").fields().requiredInt("n").requiredInt("batch_start").endRecord();
  private static final Map<String, Schema> SOURCES =
      Map.of("f", FLIGHT, "g", FLIGHT, "e", EVENT, "t", FLIGHT);

  /** f has the event times 37, 24 and 11 ms, and offsets from 0. */
  private static final Map<String, List<Object[]>> ROWS =
      Map.of(
          "f", rows(1, "a", 2, "b", 3, "a"),
          "g", rows(3, "a"),
          "e", rows(1, 100, 2, 200),
          "t", rows(7, "a"));

  private static List<Object[]> rows(Object... values) {
    var rows = new java.util.ArrayList<Object[]>();
    for (int i = 0; i < values.length; i += 2) {
      rows.add(new Object[] {values[i], values[i + 1]});
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      textBlock =
          """
          SELECT n, event_time AS t, source_topic AS topic, source_partition AS p, source_offset AS o FROM f # [1, 37, f-topic, 3, 0] [2, 24, f-topic, 3, 1] [3, 11, f-topic, 3, 2]
          SELECT record_key AS k FROM f WHERE record_key IS NULL OR n = 3 # [key 2] [null]
          SELECT n, headers['trace-id'] AS a, headers['Trace-Id'] AS b, headers['none'] AS c FROM f WHERE n = 1 # [1, trace-id of f 0, Trace-Id of f 0, null]
          SELECT * FROM f WHERE event_time > TIMESTAMP '1970-01-01 00:00:00.030' # [1, a]
          SELECT x.*, x.event_time AS t FROM f AS x WHERE n = 1 # [1, a, 37]
          SELECT batch_start AS b, COUNT(*) AS c FROM f # [0, 3]
          SELECT batch_start AS b, k, COUNT(*) AS c, batch_end AS e FROM f GROUP BY k # [0, a, 2, 3600000] [0, b, 1, 3600000]
          SELECT k, COUNT(*) AS c FROM f GROUP BY k, batch_start HAVING batch_start < batch_end # [a, 2] [b, 1]
          SELECT b, SUM(c) AS s FROM (SELECT batch_start AS b, k, COUNT(*) AS c FROM f GROUP BY k) AS x GROUP BY b # [0, 3]
          SELECT n, TIMESTAMPDIFF(MINUTE, batch_start, batch_end) AS m FROM f WHERE n = 1 # [1, 60]
          SELECT k, MAX(event_time) AS t, MIN(source_offset) AS o FROM f GROUP BY k # [a, 37, 0] [b, 24, 1]
          SELECT FLOOR(event_time TO SECOND) AS s, COUNT(*) AS c FROM f GROUP BY FLOOR(event_time TO SECOND) # [0, 3]
          SELECT a.n, a.event_time AS t, b.event_time AS u, b.headers['x'] AS h FROM f AS a JOIN g AS b ON a.n = b.n # [3, 11, 11, x of g 0]
          SELECT a.n, b.source_offset AS o, batch_end AS e FROM f AS a LEFT JOIN g AS b ON a.n = b.n # [1, null, 3600000] [2, null, 3600000] [3, 0, 3600000]
          SELECT a.n, a.source_offset AS o, t.n AS m FROM f AS a JOIN t ON a.k = t.k WHERE event_time < batch_end # [1, 0, 7] [3, 2, 7]
          SELECT n, ROW_NUMBER() OVER (ORDER BY event_time) AS r, batch_start AS b FROM f # [1, 3, 0] [2, 2, 0] [3, 1, 0]
          SELECT n, o FROM (SELECT n, source_offset AS o FROM f ORDER BY event_time LIMIT 1) AS x # [3, 2]
          SELECT source_topic AS s, COUNT(*) AS c FROM (SELECT source_topic FROM f UNION ALL SELECT source_topic FROM g) AS x GROUP BY source_topic # [f-topic, 3] [g-topic, 1]
          SELECT n, event_time FROM e # [1, 100] [2, 200]
          SELECT n FROM f WHERE source_offset = (SELECT MAX(source_offset) FROM f) # [3]
          """)
  void they_are_read_wherever_a_column_is(String sql, String rows) throws Exception {
    Query query = Query.compile(sql, SOURCES, Map.of("t", Query.OnMiss.JOIN));
    var read = new HashMap<>(ROWS);
    read.keySet().removeIf(name -> !sql.matches(".*\\b" + name + "\\b.*"));
    for (int partitions = 1; partitions <= 3; partitions++) {
      var found =
          Batch.run(query, read, partitions, new Random(partitions)).stream()
              .map(Arrays::toString)
              .sorted()
              .toList();
      assertThat(String.join(" ", found)).isEqualTo(rows);
    }
  }

  @Test
  void a_field_of_the_same_name_as_a_constant_is_that_field() throws Exception {
    Query query =
        Query.compile("SELECT n, batch_start AS b, source_offset AS o FROM s", Map.of("s", START));
    assertThat(Batch.run(query, Map.of("s", rows(5, 6)))).containsExactly(new Object[] {5, 6, 0L});
  }

  @Test
  void a_rule_reads_them_too() throws Exception {
    RowContext hand =
        new RowContext() {
          @Override
          public String header(String name) {
            return name;
          }
        };
    var rule =
        Query.compileRule(
            "headers['a'] = 'a' AND f.headers['b'] = k", "f", FLIGHT, UserFunctions.NONE, hand);
    assertThat(rule.apply(new Object[] {1, "b"})).isNotNull();
    assertThat(rule.apply(new Object[] {1, "c"})).isNull();
  }
}
