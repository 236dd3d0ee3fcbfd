package dev.tidemill.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.JoinCount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What joins find is counted by the relation in which they look, however the rows are spread. */
class JoinCountTest {
  private static final Schema FLIGHT =
      SchemaBuilder.record("Flight")
          .fields()
          .requiredInt("id")
          .requiredString("origin")
          .requiredString("destination")
          .endRecord();
  private static final Schema AIRPORT =
      SchemaBuilder.record("Airport")
          .fields()
          .requiredString("iata")
          .requiredString("state")
          .endRecord();
  private static final Map<String, Schema> SCHEMAS =
      Map.of("flights", FLIGHT, "others", FLIGHT, "airports", AIRPORT);
  private static final Map<String, List<Object[]>> ROWS =
      Map.of(
          "flights",
          List.of(
              new Object[] {1, "ORD", "JFK"},
              new Object[] {2, "ORD", "ZZZ"},
              new Object[] {3, "YYY", "JFK"},
              new Object[] {4, "LGA", "ORD"}),
          "others",
          List.of(new Object[] {5, "ORD", "BOS"}, new Object[] {6, "BOS", "ORD"}),
          "airports",
          List.of(
              new Object[] {"ORD", "IL"}, new Object[] {"JFK", "NY"}, new Object[] {"LGA", "NY"}));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "JOIN airports a ON f.origin = a.iata | airports=3/1",
        "LEFT JOIN airports ON f.origin = airports.iata | airports=3/1",
        "LEFT JOIN airports a ON f.origin = a.iata AND a.state = 'IL' | airports=2/2",
        "JOIN airports a ON f.origin = a.iata LEFT JOIN airports b ON f.destination = b.iata"
            + " | a=3/1 b=2/1",
        "JOIN airports ON f.origin = airports.iata JOIN airports b ON f.destination = b.iata"
            + " | airports=3/1 b=2/1",
        "JOIN others o ON f.origin = o.origin | others=2/2",
        "LEFT JOIN others o ON f.origin = o.origin AND f.id > 1 | others=1/3",
        "RIGHT JOIN others o ON f.origin = o.origin | flights=1/1 others=2/2",
        "FULL JOIN others o ON f.origin = o.destination AND f.id > 3 | flights=0/2 others=0/4",
        "FULL JOIN flights g ON f.origin = g.destination | f=1/3 g=2/2",
        "JOIN airports a ON f.origin = a.iata JOIN others o ON f.origin = o.origin"
            + " | airports=3/1 others=2/1",
        "JOIN (SELECT origin, COUNT(*) AS n FROM others GROUP BY origin) o ON f.origin = o.origin"
            + " | others=2/2",
        "WHERE f.origin IN (SELECT iata FROM airports WHERE state = 'IL') | airports=2/2",
        "CROSS JOIN others |",
      })
  void hits_and_misses(String from, String expected) throws Exception {
    String sql = "SELECT f.id FROM flights f " + from;
    var random = new Random(7);
    for (Map<String, Query.OnMiss> tables :
        List.of(Map.<String, Query.OnMiss>of(), Map.of("airports", Query.OnMiss.JOIN))) {
      Query query = Query.compile(sql, SCHEMAS, tables);
      for (int partitions = 1; partitions < 5; partitions++) {
        assertThat(text(Batch.joins(query, ROWS, partitions, random)))
            .as("%s with the tables %s", sql, tables.keySet())
            .isEqualTo(expected == null ? "" : expected);
      }
    }
  }

  private static String text(Map<String, JoinCount> joins) {
    var text = new ArrayList<String>();
    joins.forEach((name, count) -> text.add(name + "=" + count.hits() + "/" + count.misses()));
    return String.join(" ", text);
  }
}
