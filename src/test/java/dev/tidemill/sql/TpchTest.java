package dev.tidemill.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The 22 queries of TPC-H over one batch, as nightly jobs would be: facts are streams, dimensions
 * are tables; and once more with streams only. DuckDB is the oracle.
 */
final class TpchTest {
  private static final List<String> RELATIONS =
      List.of("region", "nation", "supplier", "part", "partsupp", "customer", "orders", "lineitem");

  private static final Map<String, Query.OnMiss> TABLES =
      Stream.of("region", "nation", "supplier", "part", "customer")
          .collect(Collectors.toMap(name -> name, name -> Query.OnMiss.JOIN));

  private static final Map<String, Schema> SCHEMAS = new LinkedHashMap<>();
  private static final Map<String, List<Object[]>> ROWS = new HashMap<>();
  private static Connection duck;

  record Benchmark(String name, String sql) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void generate() throws Exception {
    duck = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = duck.createStatement()) {
      statement.execute(
          resource("tpch-data.sql")
              .lines()
              .filter(l -> !l.startsWith("--"))
              .collect(Collectors.joining("\n")));
    }
    for (String relation : RELATIONS) {
      try (Statement statement = duck.createStatement();
          ResultSet all = statement.executeQuery("SELECT * FROM " + relation)) {
        SCHEMAS.put(relation, schema(relation, all.getMetaData()));
        ROWS.put(relation, rows(all));
      }
    }
  }

  @AfterAll
  static void close() throws SQLException {
    duck.close();
  }

  @ParameterizedTest
  @MethodSource("queries")
  void facts_as_streams_and_dimensions_as_tables(Benchmark query) throws Exception {
    check(query, Query.compile(query.sql(), SCHEMAS, TABLES));
  }

  @ParameterizedTest
  @MethodSource("queries")
  void everything_as_streams(Benchmark query) throws Exception {
    check(query, Query.compile(query.sql(), SCHEMAS));
  }

  private static void check(Benchmark benchmark, Query query) throws Exception {
    List<Object[]> expected;
    try (Statement statement = duck.createStatement();
        ResultSet all = statement.executeQuery(benchmark.sql())) {
      expected = rows(all);
    }
    assertThat(expected).as("a query without rows shows nothing").isNotEmpty();
    Random random = new Random(benchmark.name().hashCode());
    assertThat(Comparison.difference(Batch.run(query, ROWS, 3, random), expected)).isEmpty();
  }

  static Stream<Benchmark> queries() throws IOException {
    return Stream.of(resource("tpch.sql").split("-- Q"))
        .skip(1)
        .map(
            text -> {
              int end = text.indexOf('\n');
              return new Benchmark("Q" + text.substring(0, end), text.substring(end).strip());
            });
  }

  private static String resource(String name) throws IOException {
    try (var in = TpchTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static Schema schema(String name, ResultSetMetaData columns) throws SQLException {
    List<Schema.Field> fields = new ArrayList<>();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      Schema type =
          switch (columns.getColumnType(i)) {
            case Types.INTEGER -> Schema.create(Schema.Type.INT);
            case Types.VARCHAR -> Schema.create(Schema.Type.STRING);
            case Types.DATE -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
            case Types.DECIMAL ->
                LogicalTypes.decimal(15, 2).addToSchema(Schema.create(Schema.Type.BYTES));
            default -> throw new AssertionError(columns.getColumnTypeName(i));
          };
      fields.add(new Schema.Field(columns.getColumnName(i), type));
    }
    return Schema.createRecord(name, null, "tpch", false, fields);
  }

  private static List<Object[]> rows(ResultSet all) throws SQLException {
    List<Object[]> rows = new ArrayList<>();
    while (all.next()) {
      Object[] row = new Object[all.getMetaData().getColumnCount()];
      for (int i = 0; i < row.length; i++) {
        Object value = all.getObject(i + 1);
        row[i] =
            value instanceof java.time.LocalDate date
                ? (int) date.toEpochDay()
                : value instanceof Date date ? (int) date.toLocalDate().toEpochDay() : value;
        if (row[i] instanceof java.math.BigInteger integer) {
          row[i] = new BigDecimal(integer);
        }
      }
      rows.add(row);
    }
    return rows;
  }
}
