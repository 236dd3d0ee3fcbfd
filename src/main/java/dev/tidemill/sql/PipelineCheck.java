package dev.tidemill.sql;

import dev.tidemill.definition.Position;
import dev.tidemill.definition.Problem;
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
  private static final List<String> SQL = List.of("sql");

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
              String sql,
              Map<String, Schema> sources,
              Map<String, Query.OnMiss> tables,
              EventTimes times,
              UserFunctions functions)
              throws SqlException {
            return Query.compile(sql, sources, tables, times, functions);
          }

          @Override
          public RowOperator compileRule(
              String condition, String source, Schema schema, UserFunctions functions)
              throws SqlException {
            return Query.compileRule(condition, source, schema, functions, RowContext.NONE);
          }
        };

    Query compile(
        String sql,
        Map<String, Schema> sources,
        Map<String, Query.OnMiss> tables,
        EventTimes times,
        UserFunctions functions)
        throws SqlException;

    RowOperator compileRule(String condition, String source, Schema schema, UserFunctions functions)
        throws SqlException;
  }

  private final Reading reading;
  private final Compiler compiler;
  private final TreeSet<Problem> problems;
  private final UserFunctions functions;
  private final boolean hasFunctions;

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
    if (!hasFunctions || !schemasKnown || reading.sql().filter(sql -> !sql.isBlank()).isEmpty()) {
      return Optional.empty();
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
      Query query =
          compiler.compile(reading.sql().get(), schemas, tables, EventTimes.NONE, functions);
      checkColumns(query.resultSchema());
      checkAllRead(query);
      return Optional.of(query);
    } catch (SqlException e) {
      add(SQL, e);
      return Optional.empty();
    }
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

  /** The gates, which read the result of the statement. */
  void gates(Query query) {
    for (Requirement gate : reading.require()) {
      try {
        Gate.compile(gate, query.resultSchema(), query.joins());
      } catch (Gate.Wrong e) {
        List<String> path = List.of("require", gate.name());
        add(e.key().isEmpty() ? path : child(path, e.key()), e.sql());
      }
    }
  }

  private static List<String> child(List<String> path, String key) {
    return Stream.concat(path.stream(), Stream.of(key)).toList();
  }

  private void checkColumns(Schema result) {
    Map<String, String> seen = new HashMap<>();
    for (Schema.Field field : result.getFields()) {
      String column = field.name();
      String folded = column.toLowerCase(Locale.ROOT);
      String other = seen.putIfAbsent(folded, column);
      if (RESERVED.contains(folded)) {
        add(
            startOfSql(),
            "result column '%s' is one that Tidemill adds itself; rename it with AS"
                .formatted(column));
      } else if (other != null) {
        add(
            startOfSql(),
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

  private Position startOfSql() {
    return reading.positions().within(SQL, 1, 1);
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
