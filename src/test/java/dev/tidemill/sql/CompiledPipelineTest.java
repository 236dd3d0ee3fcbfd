package dev.tidemill.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.definition.DefinitionReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompiledPipelineTest {
  private static final String YAML =
      """
      pipeline: flights
      batch: {every: "@daily"}
      sources:
        flights:
          topic: {name: flights, format: avro}
          schema: flight.avsc
          event-time: seen_at
          expect:
            far: "distance > 0"
      sql: |
        SELECT origin,
               distance
        FROM flights
      load:
        - duckdb: {path: out.duckdb, table: flights}
      """;

  @TempDir Path folder;

  @BeforeEach
  void schema() throws IOException {
    Files.writeString(
        folder.resolve("flight.avsc"),
        """
        {"type": "record", "name": "Flight", "fields": [
          {"name": "origin", "type": "string"},
          {"name": "distance", "type": "int"},
          {"name": "seen_at", "type": "long"}]}
        """);
  }

  @Test
  void is_there_when_nothing_is_wrong() throws IOException {
    assertThat(check(YAML, new FakeCompiler()).pipeline()).isPresent();
  }

  @Test
  void a_problem_of_the_statement_stands_at_its_place_in_the_file() throws IOException {
    FakeCompiler compiler = new FakeCompiler();
    compiler.statement = List.of(new SqlException.Problem(2, 8, "no column 'distance'"));
    assertThat(problems(YAML, compiler)).containsExactly("12:10: no column 'distance'");
  }

  @Test
  void a_problem_of_a_rule_stands_at_its_place_in_the_file() throws IOException {
    FakeCompiler compiler = new FakeCompiler();
    compiler.rule = List.of(new SqlException.Problem(1, 10, "not that"));
    assertThat(problems(YAML, compiler)).containsExactly("9:22: not that");
  }

  @Test
  void the_statement_is_checked_even_if_other_parts_are_wrong() throws IOException {
    FakeCompiler compiler = new FakeCompiler();
    compiler.statement = List.of(new SqlException.Problem(1, 1, "bad"));
    assertThat(problems(YAML.replace("@daily", "@dayly"), compiler))
        .containsExactly(
            "2:16: there is no interval '@dayly'; did you mean '@daily'?", "11:3: bad");
  }

  @Test
  void the_statement_is_not_blamed_for_a_missing_schema() throws IOException {
    FakeCompiler compiler = new FakeCompiler();
    compiler.statement = List.of(new SqlException.Problem(1, 1, "no relation 'flights'"));
    assertThat(problems(YAML.replace("flight.avsc", "none.avsc"), compiler)).hasSize(1);
  }

  @Test
  void a_result_column_must_not_be_one_of_ours() throws IOException {
    FakeCompiler compiler = new FakeCompiler("origin", "Batch_Start");
    assertThat(problems(YAML, compiler))
        .containsExactly(
            "11:3: result column 'Batch_Start' is one that Tidemill adds itself; rename it with AS");
  }

  @Test
  void result_columns_must_differ_in_more_than_case() throws IOException {
    FakeCompiler compiler = new FakeCompiler("origin", "ORIGIN");
    assertThat(problems(YAML, compiler))
        .containsExactly(
            "11:3: result columns 'origin' and 'ORIGIN' are one to a target; rename one with AS");
  }

  @Test
  void every_source_must_be_read() throws IOException {
    String yaml =
        YAML.replace(
            "sql:",
            """
              spare:
                topic: {name: spare, format: avro}
                schema: flight.avsc
                event-time: seen_at
            sql:""");
    assertThat(problems(yaml, new FakeCompiler()))
        .containsExactly("10:3: source 'spare' is not read by the SQL; read it or remove it");
  }

  @Test
  void a_secret_in_the_statement_is_not_shown() throws IOException {
    FakeCompiler compiler = new FakeCompiler();
    compiler.statement = List.of(new SqlException.Problem(1, 1, "what is hunter2?"));
    assertThat(problems(YAML.replace("distance\n", "'${env:PASSWORD}'\n"), compiler))
        .containsExactly("11:3: what is ${env:PASSWORD}?");
  }

  /** The rules are compiled once for all of them. */
  @Test
  void each_task_checks_its_rules_with_the_row_that_it_has_in_hand() throws Exception {
    CompiledPipeline pipeline =
        check(YAML.replace("distance > 0", "source_offset > distance"), new FakeCompiler())
            .pipeline()
            .orElseThrow();
    Object[] row = {"JFK", 3, 0L};
    RowOperator fourth = pipeline.rules("flights", at(4)).get(0).operator();
    RowOperator second = pipeline.rules("flights", at(2)).get(0).operator();
    assertThat(fourth.apply(row)).isSameAs(row);
    assertThat(second.apply(row)).isNull();
    assertThat(fourth.apply(row)).isSameAs(row);
  }

  private static RowContext at(long offset) {
    return new RowContext() {
      @Override
      public long sourceOffset() {
        return offset;
      }
    };
  }

  private List<String> problems(String yaml, FakeCompiler compiler) throws IOException {
    return check(yaml, compiler).problems().stream()
        .map(problem -> problem.position() + ": " + problem.message())
        .toList();
  }

  private CompiledPipeline.Checked check(String yaml, FakeCompiler compiler) throws IOException {
    Path file = Files.writeString(folder.resolve("pipeline.yaml"), yaml);
    return CompiledPipeline.check(
        DefinitionReader.read(file, Map.of("PASSWORD", "hunter2")::get), compiler);
  }

  /** Compiles everything, or has the problems that it is told to have. */
  private static final class FakeCompiler implements PipelineCheck.Compiler {
    private final String[] columns;
    private List<SqlException.Problem> statement = List.of();
    private List<SqlException.Problem> rule = List.of();

    FakeCompiler(String... columns) {
      this.columns = columns;
    }

    @Override
    public Query compile(
        List<NamedStatement> statements,
        Map<String, Schema> sources,
        Map<String, Query.OnMiss> tables,
        EventTimes times,
        UserFunctions functions)
        throws Statements.Wrong {
      if (!statement.isEmpty()) {
        throw new Statements.Wrong(Map.of("", statement));
      }
      return new FakeQuery(columns);
    }

    @Override
    public RowOperator compileRule(
        String condition, String source, Schema schema, UserFunctions functions)
        throws SqlException {
      if (!rule.isEmpty()) {
        throw new SqlException(rule);
      }
      return row -> row;
    }
  }

  private record FakeQuery(Schema resultSchema) implements Query {
    FakeQuery(String... columns) {
      this(
          Schema.createRecord(
              "Result",
              null,
              null,
              false,
              Arrays.stream(columns)
                  .map(name -> new Schema.Field(name, SchemaBuilder.builder().intType()))
                  .toList()));
    }

    @Override
    public List<Branch> branches() {
      return List.of(
          new Branch() {
            @Override
            public String source() {
              return "flights";
            }

            @Override
            public int input() {
              return 0;
            }

            @Override
            public RowOperator operator(RowContext context) {
              return row -> row;
            }

            @Override
            public Set<String> versioned() {
              return Set.of();
            }

            @Override
            public List<Lookup> lookups() {
              return List.of();
            }

            @Override
            public Optional<Expansion> expansion(TableAccess tables, RowContext context) {
              return Optional.empty();
            }
          });
    }

    @Override
    public List<TableReading> tables() {
      return List.of();
    }

    @Override
    public List<String> joins() {
      return List.of();
    }

    @Override
    public List<Output> outputs() {
      return List.of(new Output("", resultSchema, 0, List.of()));
    }

    @Override
    public List<Operator> operators() {
      return List.of();
    }

    @Override
    public List<Input> inputs() {
      return List.of();
    }

    @Override
    public Optional<Program> program() {
      return Optional.empty();
    }

    @Override
    public boolean isTogether() {
      return false;
    }

    @Override
    public Optional<Aggregation> aggregation() {
      return Optional.empty();
    }

    @Override
    public RowOperator finish(RowContext context) {
      return row -> row;
    }
  }
}
