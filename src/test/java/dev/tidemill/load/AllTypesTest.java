package dev.tidemill.load;

import static dev.tidemill.load.Given.DAY;
import static dev.tidemill.load.Given.LOG;
import static dev.tidemill.load.Given.end;
import static dev.tidemill.load.Given.ready;
import static dev.tidemill.load.Given.row;
import static dev.tidemill.load.Given.share;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.definition.TargetDefinition;
import dev.tidemill.load.Publication.Published;
import dev.tidemill.load.Publication.Refused;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every value comes out as it went in, and alike in all targets. */
class AllTypesTest {
  private enum Kind {
    POSTGRES,
    DUCKDB
  }

  private static final Schema SCHEMA =
      Given.schema(
          Stream.of(
                  "bo boolean",
                  "i int",
                  "l long",
                  "f float",
                  "d double",
                  "s string",
                  "b bytes",
                  "n bytes decimal",
                  "da int date",
                  "ti int time-millis",
                  "ts long timestamp-millis",
                  "lt long local-timestamp-millis")
              .flatMap(words -> Stream.of(field(words), arrayField(words)))
              .reduce((a, b) -> a + "," + b)
              .orElseThrow());

  private static final List<String> NAMES =
      List.of("bo", "i", "l", "f", "d", "s", "b", "n", "da", "ti", "ts", "lt");

  @TempDir private Path folder;

  private static String field(String words) {
    String[] word = words.split(" ");
    String logical = word.length < 3 ? "" : ", 'logicalType': '" + word[2] + "'";
    String scale = logical.contains("decimal") ? ", 'precision': 38, 'scale': 10" : "";
    return "{'name': '%s', 'type': ['null', {'type': '%s'%s%s}]}"
        .formatted(word[0], word[1], logical, scale);
  }

  private static String arrayField(String words) {
    String field = field(words);
    int type = field.indexOf("['null'");
    return "{'name': '%ss', 'type': ['null', {'type': 'array', 'items': %s}]}"
        .formatted(
            words.substring(0, words.indexOf(' ')), field.substring(type, field.length() - 1));
  }

  private static final List<Object[]> VALUES =
      List.of(
          new Object[12],
          row(
              true,
              Integer.MIN_VALUE,
              Long.MIN_VALUE,
              Float.NaN,
              Double.NaN,
              "tab\t newline\n return\r back\\slash \\N 'single' \"double\" é 漢 😀",
              new byte[] {0, 10, 92, -1},
              new BigDecimal("-9999999999999999999999999999.9999999999"),
              (int) LocalDate.parse("0001-01-01").toEpochDay(),
              0,
              -62_135_596_800_000L,
              0L),
          row(
              false,
              Integer.MAX_VALUE,
              Long.MAX_VALUE,
              Float.POSITIVE_INFINITY,
              Double.NEGATIVE_INFINITY,
              "",
              new byte[0],
              new BigDecimal("9999999999999999999999999999.9999999999"),
              (int) LocalDate.parse("9999-12-31").toEpochDay(),
              86_399_999,
              253_402_300_799_999L,
              -1L),
          row(
              false,
              0,
              0L,
              Float.MIN_VALUE,
              -0.0,
              "\\.",
              new byte[] {1},
              new BigDecimal("0.0000000001"),
              -1,
              1,
              1_710_054_000_123L,
              1_710_054_000_123L),
          row(
              true,
              1,
              1L,
              0.1f,
              0.1 + 0.2,
              "\u0001\u007f\uffff",
              new byte[1000],
              new BigDecimal("10000.0000000000"),
              0,
              43_200_000,
              -1L,
              1L),
          row(
              true,
              1,
              1L,
              Float.MAX_VALUE,
              Double.MIN_VALUE,
              "null",
              new byte[] {34},
              new BigDecimal("0.0000000000"),
              0,
              43_200_000,
              -1L,
              1L));

  /** Each value alone, and behind it an array: none, an empty one, or one of it and NULL. */
  private static final List<Object[]> ROWS =
      IntStream.range(0, VALUES.size()).mapToObj(AllTypesTest::withArrays).toList();

  private static Object[] withArrays(int index) {
    Object[] values = VALUES.get(index);
    Object[] row = new Object[2 * values.length];
    for (int i = 0; i < values.length; i++) {
      row[2 * i] = values[i];
      row[2 * i + 1] =
          index == 0
              ? null
              : index == 1 ? List.of() : Arrays.asList(values[i], null, VALUES.get(1)[i]);
    }
    return row;
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void every_value_comes_out_as_it_went_in(Kind kind) throws Exception {
    String url = url(kind);
    try (Target target = open(kind, url)) {
      target.prepare(LOG);
      target.stage(chunk(ROWS));
      assertThat(target.publish(ready(DAY, 1, share(1, ROWS.size()))))
          .isEqualTo(new Published(1, ROWS.size()));
      assertThat(read(url))
          .containsExactlyInAnyOrderElementsOf(ROWS.stream().map(this::text).toList());
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void a_value_that_no_target_can_hold_is_refused_by_all(Kind kind) throws Exception {
    Object[] tooLarge = ROWS.get(3).clone();
    tooLarge[15] = List.of(new BigDecimal("10000000000000000000000000000.0000000000"));
    try (Target target = open(kind, url(kind))) {
      target.prepare(LOG);
      target.stage(chunk(List.<Object[]>of(tooLarge)));
      assertThat(target.publish(ready(DAY, 1, share(1, 1))))
          .isEqualTo(
              new Refused(
                  "results partition 0, offset 0, column ns: "
                      + "10000000000000000000000000000.0000000000 does not fit DECIMAL(38, 10)"));
    }
  }

  private String url(Kind kind) {
    return kind == Kind.POSTGRES
        ? PostgresServer.newSchema()
        : "jdbc:duckdb:" + folder.resolve("types.duckdb");
  }

  private Target open(Kind kind, String url) {
    TargetDefinition definition =
        kind == Kind.POSTGRES
            ? new TargetDefinition.Postgres(url, "types")
            : new TargetDefinition.DuckDb(folder.resolve("types.duckdb"), "types");
    return Targets.open("types", definition, SCHEMA, Clock.systemUTC());
  }

  private static Chunk chunk(List<Object[]> rows) {
    Chunk chunk = new Chunk();
    chunk.advance(0, Optional.empty(), rows.size() + 1);
    for (int i = 0; i < rows.size(); i++) {
      chunk.row(DAY.start(), 0, 1, i, rows.get(i));
    }
    chunk.end(end(DAY, 0, 1, rows.size()));
    return chunk;
  }

  private static List<String> read(String url) throws SQLException {
    String columns =
        NAMES.stream()
            .map(
                name ->
                    "%1$s, %2$s[1], %2$s[2], %2$s[3], COALESCE(array_length(%2$s, 1), CASE WHEN %2$s IS NULL THEN -1 ELSE 0 END)"
                        .formatted(name, "\"" + name + "s\""))
            .collect(Collectors.joining(", "));
    try (Connection connection = DriverManager.getConnection(url)) {
      return Sql.query(connection, "SELECT " + columns + " FROM types", AllTypesTest::readRow);
    }
  }

  /** Each value, the elements of its array, and their number. */
  private static String readRow(ResultSet row) throws SQLException {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < NAMES.size(); i++) {
      int first = 5 * i + 1;
      for (int column = first; column < first + 4; column++) {
        values.add(row.getObject(column) == null ? null : value(i, row, column));
      }
      values.add(row.getInt(first + 4));
    }
    return Arrays.deepToString(values.toArray());
  }

  private static Object value(int kind, ResultSet row, int column) throws SQLException {
    return switch (kind) {
      case 0 -> row.getBoolean(column);
      case 1 -> row.getInt(column);
      case 2 -> row.getLong(column);
      case 3 -> row.getFloat(column);
      case 4 -> row.getDouble(column);
      case 5 -> row.getString(column);
      case 6 -> row.getBytes(column);
      case 7 -> row.getBigDecimal(column);
      case 8 -> (int) row.getObject(column, LocalDate.class).toEpochDay();
      case 9 -> (int) (row.getObject(column, LocalTime.class).toNanoOfDay() / 1_000_000);
      default -> row.getObject(column, OffsetDateTime.class).toInstant().toEpochMilli();
    };
  }

  private String text(Object[] row) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < row.length; i += 2) {
      values.add(row[i]);
      List<?> elements = row[i + 1] == null ? List.of() : (List<?>) row[i + 1];
      for (int at = 0; at < 3; at++) {
        values.add(at < elements.size() ? elements.get(at) : null);
      }
      values.add(row[i + 1] == null ? -1 : elements.size());
    }
    return Arrays.deepToString(values.toArray());
  }
}
