package dev.tidemill.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.definition.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a gate is said where it is, and what to write instead. */
class GateProblemsTest {
  private static final Schema RESULT =
      SchemaBuilder.record("Result")
          .fields()
          .requiredString("origin")
          .requiredLong("miles")
          .endRecord();

  private static List<String> problems(String condition) {
    try {
      Gate.compile(
          new Requirement("g", Optional.empty(), condition),
          new Output("", RESULT, 0, List.of("airports")));
      return List.of();
    } catch (Gate.Wrong e) {
      return e.sql().problems().stream()
          .map(p -> p.line() + ":" + p.column() + ": " + p.message())
          .toList();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rejekted < 1 | 1:1: column 'rejekted' not found in any table; did you mean 'rejected'?",
        "rejected + 1 | 1:1: this is no condition, which is TRUE or FALSE; compare it, as in x > 0",
        "rejected < | 1:10: syntax error: the statement ends too early",
        "miles > 0 | 1:1: column 'miles' not found in any table",
        "rows = 'many' | 1:1: can not compare BIGINT with VARCHAR; write the number without quotation marks",
        "COUNT(*) > 0 | 1:1:",
        "misses_airport = 0 | 1:1: column 'misses_airport' not found in any table; did you mean"
            + " 'misses_airports'?",
        "avg_rows_last_0 > 0 | 1:1: column 'avg_rows_last_0' not found in any table",
        "rows > 0 AND (SELECT COUNT(*) FROM flights) = 0 | 1:36: there is no source 'flights';"
            + " a gate reads 'result'",
        "(SELECT SUM(milez) FROM result) > 0 | 1:13: column 'milez' not found in any table; did you"
            + " mean 'miles'?",
        "(SELECT miles FROM result) > 0 | 1:9:",
        "(SELECT COUNT(*) FROM result GROUP BY origin) > 0 | 1:30: a gate's statement has one value"
            + " for the whole batch; remove GROUP BY",
        "(SELECT COUNT(*) FROM result HAVING COUNT(*) > 1) > 0 | 1:37: a gate's statement always has"
            + " a value; remove HAVING",
        "(SELECT MIN(miles), MAX(miles) FROM result) > 0 | 1:21: a gate's statement has one value;"
            + " write a gate for each",
        "(SELECT 1 FROM result) > 0 | 1:2: a gate's statement has one value for the whole batch; use"
            + " COUNT, SUM, MIN, MAX or AVG",
        "EXISTS (SELECT * FROM result) | 1:1: a statement in a gate stands for one value; write"
            + " (SELECT COUNT(*) FROM result WHERE …) > 0",
        "rejected IN (SELECT miles FROM result) | 1:1: a statement in a gate stands for one value;"
            + " write (SELECT COUNT(*) FROM result WHERE …) > 0",
        "(SELECT MIN(origin) FROM result) > 0 | 1:1: can not compare VARCHAR with INTEGER; CAST one of"
            + " them"
      })
  void a_wrong_gate_is_told(String condition, String expected) {
    assertThat(problems(condition)).anyMatch(problem -> problem.startsWith(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rejected < 0.01 * read",
        "rows BETWEEN 0.7 * avg_rows_last_7 AND 1.3 * avg_rows_last_7",
        "read = accepted + filtered + rejected + duplicate + late",
        "accepted >= min_accepted_last_30 AND ROWS <= MAX_ROWS_LAST_30",
        "(SELECT COUNT(*) FROM result WHERE miles < 0) = 0",
        "(SELECT SUM(miles) FROM Result r WHERE r.origin <> 'result') > 0 AND (SELECT AVG(miles)"
            + " FROM result) < 5",
        "(SELECT MIN(origin) FROM result) <> ''",
        "rows = (SELECT COUNT(*) FROM result)",
        "(SELECT COUNT(*) FROM result WHERE origin = '😀') = (SELECT COUNT(*) FROM result)"
      })
  void a_right_gate_compiles(String condition) {
    assertThat(problems(condition)).isEmpty();
  }

  @Test
  void the_place_is_that_in_the_file(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("e.avsc"),
        """
        {"type": "record", "name": "E", "fields": [
          {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
          {"name": "n", "type": "long"}]}
        """);
    Path file =
        Files.writeString(
            folder.resolve("p.yaml"),
            """
            pipeline: p
            batch: {every: "@daily"}
            sources:
              events:
                topic: {name: events, format: avro, trust-timestamps: true}
                schema: e.avsc
                event-time: at
                expect:
                  positive: {rule: nn > 0, on-break: warn}
            require:
              books: rejekted = 0
              folded: |
                rows > 0
                AND (SELECT COUNT(*)
                     FROM result WHERE nn < 0) = 0
              exact: {sql: SELECT SUM(nn) FROM result, is: 0}
              kinds: {sql: SELECT MIN(CAST(n AS VARCHAR)) FROM result, is: 0}
              kind: {sql: SELECT COUNT(*) FROM result WHERE n > 0 GROUP BY n, is: 0}
            sql: SELECT n FROM events
            load: [{duckdb: {path: w.duckdb, table: t}}]
            """);
    assertThat(
            CompiledPipeline.check(file, name -> null).problems().stream()
                .map(problem -> problem.position() + ": " + problem.message().split(";")[0]))
        .containsExactly(
            "9:24: column 'nn' not found in any table",
            "11:10: column 'rejekted' not found in any table",
            "15:28: column 'nn' not found in any table",
            "16:27: column 'nn' not found in any table",
            "17:64: can not compare VARCHAR with INTEGER",
            "18:55: a gate's statement has one value for the whole batch");
  }
}
