package dev.tidemill.sql;

import dev.tidemill.definition.Position;
import dev.tidemill.definition.Problem;
import dev.tidemill.definition.QueryReading;
import dev.tidemill.definition.Reading;
import dev.tidemill.definition.Relation;
import dev.tidemill.definition.Requirement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/** Checks the SQL of one definition, and says where in its file each problem stands. */
final class PipelineCheck {
  private static final List<String> FUNCTIONS = List.of("functions");

  /** What we add to each row of a target. */
  private static final Set<String> RESERVED =
      Set.of("batch_start", "batch_end", "attempt", "batch_share");

  /** The two ways into SQL; tests bring their own. */
  interface Compiler {
    Compiler CALCITE =
        new Compiler() {
          @Override
          public Query compile(
              List<NamedStatement> statements,
              Map<String, Schema> sources,
              Map<String, Query.OnMiss> tables,
              EventTimes times,
              UserFunctions functions)
              throws Statements.Wrong {
            return QueryCompiler.compile(statements, sources, tables, times, functions);
          }

          @Override
          public RowOperator compileRule(
              String condition, String source, Schema schema, UserFunctions functions)
              throws SqlException {
            return Query.compileRule(condition, source, schema, functions, RowContext.NONE);
          }
        };

    Query compile(
        List<NamedStatement> statements,
        Map<String, Schema> sources,
        Map<String, Query.OnMiss> tables,
        EventTimes times,
        UserFunctions functions)
        throws Statements.Wrong;

    RowOperator compileRule(String condition, String source, Schema schema, UserFunctions functions)
        throws SqlException;
  }

  private final Reading reading;
  private final Compiler compiler;
  private final TreeSet<Problem> problems;
  private final UserFunctions functions;
  private final boolean hasFunctions;
  private final Map<String, Output> outputs = new HashMap<>();

  PipelineCheck(Reading reading, Compiler compiler) {
    this.reading = reading;
    this.compiler = compiler;
    this.problems = new TreeSet<>(reading.problems());
    var wrong = new ArrayList<UserFunctions.Wrong>();
    functions = UserFunctions.load(reading.functions(), wrong);
    wrong.forEach(this::add);
    hasFunctions =
        wrong.isEmpty() && reading.functions().size() == reading.positions().size(FUNCTIONS);
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  UserFunctions functions() {
    return functions;
  }

  /** Empty if the statement is wrong, or can not be checked since a schema is. */
  Optional<Query> query() {
    boolean schemasKnown =
        !reading.sources().isEmpty()
            && reading.sources().stream().allMatch(source -> source.schema().isPresent());
    boolean written =
        !reading.queries().isEmpty()
            && reading.queries().stream()
                .allMatch(query -> query.sql().filter(sql -> !sql.isBlank()).isPresent());
    if (!hasFunctions || !schemasKnown || !written) {
      return Optional.empty();
    }
    List<NamedStatement> statements =
        reading.queries().stream()
            .map(
                query ->
                    new NamedStatement(
                        query.name(),
                        query.sql().orElseThrow(),
                        query.isLoaded() || query.name().isEmpty()))
            .toList();
    if (statements.stream().noneMatch(NamedStatement::isOutput)) {
      return Optional.empty(); // which is told
    }
    Map<String, Schema> schemas = new LinkedHashMap<>();
    reading.sources().forEach(source -> schemas.put(source.name(), source.schema().get()));
    Map<String, Query.OnMiss> tables = new HashMap<>();
    for (Relation source : reading.sources()) {
      source
          .rejectsMisses()
          .ifPresent(
              rejects ->
                  tables.put(source.name(), rejects ? Query.OnMiss.REJECT : Query.OnMiss.JOIN));
    }
    try {
      Query query = compiler.compile(statements, schemas, tables, times(), functions);
      query.outputs().forEach(this::checkColumns);
      query.outputs().forEach(output -> outputs.put(output.name(), output));
      checkAllRead(query);
      new PartitionedTables(reading).check(query).forEach(problems::add);
      return Optional.of(query);
    } catch (Statements.Wrong e) {
      e.problems().forEach((name, problem) -> add(queryOf(name).at("sql"), problem));
      outputs.putAll(e.outputs());
      return Optional.empty();
    }
  }

  private EventTimes times() {
    Map<String, String> streams = new HashMap<>();
    Map<String, String> versioned = new HashMap<>();
    for (Relation source : reading.sources()) {
      if (!source.isTable()) {
        source.eventTime().ifPresent(field -> streams.put(source.name(), field));
      } else if (source.eventTime().isPresent()) {
        source.key().ifPresent(key -> versioned.put(source.name(), key));
      }
    }
    return new EventTimes(streams, versioned);
  }

  void rules() {
    for (Relation source : hasFunctions ? reading.sources() : List.<Relation>of()) {
      source.schema().ifPresent(schema -> rules(source, schema));
    }
  }

  private void rules(Relation source, Schema schema) {
    source
        .expect()
        .forEach(
            (rule, expectation) -> {
              try {
                compiler.compileRule(expectation.condition(), source.name(), schema, functions);
              } catch (SqlException e) {
                List<String> path = List.of("sources", source.name(), "expect", rule);
                add(reading.positions().isMapping(path) ? child(path, "rule") : path, e);
              }
            });
  }

  private QueryReading queryOf(String name) {
    return reading.queries().stream()
        .filter(query -> query.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** The gates, which read the results of their statements; after {@link #query}. */
  void gates() {
    for (QueryReading of : reading.queries()) {
      Optional<Output> output = Optional.ofNullable(outputs.get(of.name()));
      for (Requirement gate : of.require()) {
        try {
          Gate.check(gate, output);
        } catch (Gate.Wrong e) {
          List<String> path = of.at("require", gate.name());
          add(e.key().isEmpty() ? path : child(path, e.key()), e.sql());
        }
      }
    }
  }

  private static List<String> child(List<String> path, String key) {
    return Stream.concat(path.stream(), Stream.of(key)).toList();
  }

  private void checkColumns(Output output) {
    Position start = reading.positions().within(queryOf(output.name()).at("sql"), 1, 1);
    Map<String, String> seen = new HashMap<>();
    for (Schema.Field field : output.schema().getFields()) {
      String column = field.name();
      String folded = column.toLowerCase(Locale.ROOT);
      String other = seen.putIfAbsent(folded, column);
      if (RESERVED.contains(folded)) {
        add(
            start,
            "result column '%s' is one that Tidemill adds itself; rename it with AS"
                .formatted(column));
      } else if (other != null) {
        add(
            start,
            "result columns '%s' and '%s' are one to a target; rename one with AS"
                .formatted(other, column));
      }
    }
  }

  private void checkAllRead(Query query) {
    Set<String> read =
        Stream.concat(
                query.branches().stream().map(Query.Branch::source),
                query.tables().stream().map(TableReading::table))
            .collect(Collectors.toSet());
    for (Relation source : reading.sources()) {
      if (!read.contains(source.name())) {
        add(
            reading.positions().ofKey(List.of("sources", source.name())),
            "source '%s' is not read by the SQL; read it or remove it".formatted(source.name()));
      }
    }
  }

  private void add(UserFunctions.Wrong wrong) {
    List<String> path = child(FUNCTIONS, wrong.function());
    add(
        wrong.key().isEmpty()
            ? reading.positions().ofKey(path)
            : reading.positions().of(child(path, wrong.key())),
        wrong.message());
  }

  private void add(List<String> path, SqlException e) {
    for (SqlException.Problem problem : e.problems()) {
      add(reading.positions().within(path, problem.line(), problem.column()), problem.message());
    }
  }

  private void add(Position position, String message) {
    problems.add(reading.problem(position, message));
  }
}
