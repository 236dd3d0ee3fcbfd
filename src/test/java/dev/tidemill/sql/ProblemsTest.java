package dev.tidemill.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said about wrong statements, and where: problems.txt. */
final class ProblemsTest {
  private static final Schema FLIGHT =
      SchemaBuilder.record("Flight")
          .fields()
          .requiredString("date")
          .optionalInt("delay")
          .requiredInt("distance")
          .requiredString("origin")
          .requiredString("destination")
          .requiredDouble("fuel")
          .requiredBoolean("cancelled")
          .name("scheduled")
          .type(LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG)))
          .noDefault()
          .name("dated")
          .type(LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT)))
          .noDefault()
          .name("codes")
          .type()
          .array()
          .items()
          .stringType()
          .noDefault()
          .name("crew")
          .type()
          .array()
          .items()
          .map()
          .values()
          .stringType()
          .noDefault()
          .endRecord();
  private static final Schema AIRPORT =
      SchemaBuilder.record("Airport").fields().requiredString("iata").endRecord();
  private static final Map<String, Schema> SOURCES = Map.of("flights", FLIGHT, "airports", AIRPORT);

  private static final Map<String, Schema> VERSIONED =
      Map.of(
          "orders",
          SchemaBuilder.record("Order")
              .fields()
              .requiredLong("at")
              .requiredLong("paid")
              .requiredString("currency")
              .requiredDouble("amount")
              .endRecord(),
          "refunds",
          SchemaBuilder.record("Refund").fields().requiredString("currency").endRecord(),
          "visits",
          SchemaBuilder.record("Visit")
              .fields()
              .requiredString("currency")
              .name("page")
              .type(SchemaBuilder.record("Page").fields().requiredLong("at").endRecord())
              .noDefault()
              .endRecord(),
          "rates",
          SchemaBuilder.record("Rate")
              .fields()
              .requiredString("currency")
              .requiredString("kind")
              .requiredDouble("rate")
              .endRecord(),
          "airports",
          AIRPORT);

  record Case(String statement, String problems) {
    @Override
    public String toString() {
      return statement;
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void every_problem_is_told_with_its_place(Case wrong) {
    assertThat(problems(wrong.statement())).isEqualTo(wrong.problems());
  }

  static String problems(String statement) {
    return problems(() -> Query.compile(statement, SOURCES));
  }

  private interface Compiling {
    void run() throws SqlException;
  }

  private static String problems(Compiling compiling) {
    try {
      compiling.run();
      return "";
    } catch (SqlException e) {
      var text = new StringBuilder();
      for (var problem : e.problems()) {
        text.append("  %d:%d %s%n".formatted(problem.line(), problem.column(), problem.message()));
      }
      return text.toString();
    }
  }

  /** Where tables have versions. */
  @ParameterizedTest
  @MethodSource("casesOfVersions")
  void so_is_every_problem_of_tables_as_they_were(Case wrong) {
    var tables = Map.of("rates", Query.OnMiss.JOIN, "airports", Query.OnMiss.JOIN);
    var times =
        new EventTimes(Map.of("orders", "at", "visits", "page.at"), Map.of("rates", "currency"));
    assertThat(problems(() -> Query.compile(wrong.statement(), VERSIONED, tables, times)))
        .isEqualTo(wrong.problems());
  }

  static Stream<Case> casesOfVersions() throws Exception {
    return cases("as-of-problems.txt");
  }

  static Stream<Case> cases() throws Exception {
    return cases("problems.txt");
  }

  private static Stream<Case> cases(String file) throws Exception {
    var cases = new ArrayList<Case>();
    try (var in = ProblemsTest.class.getResourceAsStream(file)) {
      for (String line : new String(in.readAllBytes(), UTF_8).split("\n")) {
        if (line.startsWith("  ")) {
          Case last = cases.remove(cases.size() - 1);
          cases.add(new Case(last.statement(), last.problems() + line + "\n"));
        } else if (!line.isBlank() && !line.startsWith("--")) {
          cases.add(new Case(line, ""));
        }
      }
    }
    return cases.stream();
  }
}
