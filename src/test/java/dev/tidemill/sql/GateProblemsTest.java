package dev.tidemill.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.definition.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

  private static final String EVENTS =
      """
      {"type": "record", "name": "E", "fields": [
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "n", "type": "long"}]}
      """;

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
        "miles > 0 | 1:1: 'miles' is a column of the result; write (SELECT MAX(miles) FROM result) > 0",
        "result.miles > 0 | 1:1: there is no source 'result'; a condition reads the books; columns of"
            + " the result stand in a statement: (SELECT MAX(x) FROM result) > 0",
        "\"rows\" > 0 | 1:1: 'rows' stands without quotation marks",
        "rejected < 1% | 1:13: syntax error at '%'; write 0.01",
        "SELECT COUNT(*) FROM result WHERE miles < 0 | 1:1: syntax error at 'SELECT'; within a"
            + " condition a statement stands in parentheses",
        "(SELECT COUNT(*) FROM result) | 1:1: this is no condition, which is TRUE or FALSE; compare it,"
            + " as in x > 0",
        "rows > AVG(rows) | 1:8: a condition reads the books; an aggregate of the result stands in a"
            + " statement: (SELECT COUNT(*) FROM result WHERE …) > 0",
        "(SELECT COUNT(*) FROM result WHERE miles > (SELECT AVG(miles) FROM result)) = 0 | 1:44: a gate's"
            + " statement reads the rows of the result once and has no subquery; compute it in the"
            + " statement of 'sql' or of another of 'queries'",
        "(SELECT COUNT(*) FROM result r JOIN result s ON r.miles = s.miles) = 0 | 1:37: a gate's"
            + " statement reads the rows of the result once and has no join",
        "(SELECT COUNT(*) OVER () FROM result) = 0 | 1:9: a gate's statement reads the rows of the"
            + " result once and has no window",
        "(SELECT COUNT(*) FROM result QUALIFY RANK() OVER (ORDER BY miles) = 1) = 0 | 1:38: a gate's"
            + " statement reads the rows of the result once and has no QUALIFY",
        "(SELECT DISTINCT miles FROM result) = 0 | 1:2: a gate's statement has one value for the whole"
            + " batch; use COUNT, SUM, MIN, MAX or AVG",
        "(SELECT COUNT(*) FROM result ORDER BY 1) = 0 | 1:39: a gate's statement must be one SELECT of"
            + " one value, such as SELECT COUNT(*) FROM result WHERE …",
        "(SELECT COUNT(*) FROM result, UNNEST(ARRAY[miles]) AS x (v)) > 0 | 1:31: a gate's statement"
            + " looks at rows of the result, not at elements of their arrays; remove UNNEST",
        "rejected < NOW() | 1:12: not supported: NOW; a batch must have the same result whenever it is"
            + " computed; use batch_start",
        "rows = 'many' | 1:1: can not compare BIGINT with VARCHAR; write the number without quotation marks",
        "COUNT(*) > 0 | 1:1: a condition reads the books",
        "misses_airport = 0 | 1:1: column 'misses_airport' not found in any table; did you mean"
            + " 'misses_airports'?",
        "avg_rows_last_0 > 0 | 1:1: column 'avg_rows_last_0' not found in any table",
        "rows > 0 AND (SELECT COUNT(*) FROM flights) = 0 | 1:36: there is no source 'flights';"
            + " a gate reads 'result'",
        "(SELECT SUM(milez) FROM result) > 0 | 1:13: column 'milez' not found in any table; did you"
            + " mean 'miles'?",
        "(SELECT miles FROM result) > 0 | 1:9: a gate's statement has one value for the whole batch; use"
            + " COUNT, SUM, MIN, MAX or AVG",
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

  @Test
  void everything_that_is_wrong_with_a_gate_is_told_at_once() {
    assertThat(
            problems(
                "rejekted < 1 AND (SELECT COUNT(*) FROM reslt) = 0"
                    + " AND (SELECT SUM(milez) FROM result) > 0"))
        .containsExactly(
            "1:1: column 'rejekted' not found in any table; did you mean 'rejected'?",
            "1:40: there is no source 'reslt'; a gate reads 'result'",
            "1:67: column 'milez' not found in any table; did you mean 'miles'?");
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

  /** Where the statement is wrong, the result is not known; what does not need it is told. */
  @Test
  void gates_are_checked_even_if_the_statement_is_wrong(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("e.avsc"), EVENTS);
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
            queries:
              right:
                sql: SELECT n FROM events
                require:
                  known: (SELECT MAX(nn) FROM result) < 5
                load: [{duckdb: {path: w.duckdb, table: t}}]
              wrong:
                sql: SELECT nn, tt FROM events
                require:
                  right: rows > 0 AND misses_events < 0.1 * avg_misses_events_last_7
                  unknown: (SELECT MAX(anything) FROM result) > 'x'
                  books: rejekted = 0 AND (SELECT MAX(m) FROM result) < 5
                  syntax: rejected == 0
                  source: (SELECT COUNT(*) FROM events) > 0
                  one: {sql: SELECT COUNT(*) FROM result GROUP BY m, is: 0}
                  clock: (SELECT COUNT(*) FROM result WHERE m < NOW()) = 0
                load: [{duckdb: {path: w.duckdb, table: u}}]
            """);
    assertThat(told(file))
        .containsExactly(
            "12:26: column 'nn' not found in any table",
            "15:17: column 'nn' not found in any table",
            "15:21: column 'tt' not found in any table",
            "19:14: column 'rejekted' not found in any table",
            "20:24: syntax error at '=='",
            "21:37: there is no source 'events'",
            "22:46: a gate's statement has one value for the whole batch",
            "23:53: not supported: NOW");
  }

  /** In each style of YAML, with a problem behind the first line and behind a character of two. */
  @Test
  void the_place_is_that_in_the_file_however_it_is_written(@TempDir Path folder)
      throws IOException {
    Files.writeString(folder.resolve("e.avsc"), EVENTS);
    for (String style : STYLES) {
      String sql = written(style, "SELECT n", "FROM events WHERE '😀' = '' OR", "nn > 0");
      String gate =
          written(style, "rows > 0", "AND (SELECT MIN('😀') FROM result) <> '' OR", "nn > 0");
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
              load: [{duckdb: {path: w.duckdb, table: t}}]
              sql: %s
              require:
                g: %s
              """
                  .formatted(sql, gate.replace("\n", "\n  ")));
      List<String> lines = Files.readAllLines(file);
      assertThat(told(file)).as(style).hasSize(2).allMatch(p -> p.contains("column 'nn'"));
      assertThat(told(file).stream().map(p -> at(lines, p))).as(style).containsOnly("nn > 0");
    }
  }

  /** A literal, a folded, both quoted and a plain scalar. */
  private static final List<String> STYLES =
      List.of(
          "|\n  %s\n    %s\n\n  %s",
          ">-\n  %s\n\n    %s\n  %s",
          "\"%s\\n\n  %s \\\n  %s\"",
          "'%s\n\n  %s\n  %s'",
          "%s\n  %s\n  %s");

  private static String written(String style, Object... lines) {
    if (style.startsWith("'")) {
      Arrays.setAll(lines, i -> lines[i].toString().replace("'", "''"));
    }
    return style.formatted(lines);
  }

  private static List<String> told(Path file) {
    return CompiledPipeline.check(file, name -> null).problems().stream()
        .map(problem -> problem.position() + ": " + problem.message().split(";")[0])
        .toList();
  }

  /** What stands at the place of a problem. */
  private static String at(List<String> lines, String problem) {
    String[] place = problem.split(": ")[0].split(":");
    String line = lines.get(Integer.parseInt(place[0]) - 1);
    int start = line.offsetByCodePoints(0, Integer.parseInt(place[1]) - 1);
    return line.substring(start, Math.min(line.length(), start + 6));
  }

  @Test
  void the_place_is_that_in_the_file(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("e.avsc"), EVENTS);
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
    assertThat(told(file))
        .containsExactly(
            "9:24: column 'nn' not found in any table",
            "11:10: column 'rejekted' not found in any table",
            "15:28: column 'nn' not found in any table",
            "16:27: column 'nn' not found in any table",
            "17:64: can not compare VARCHAR with INTEGER",
            "18:55: a gate's statement has one value for the whole batch");
  }
}
