package dev.tidemill.sql;

import dev.tidemill.batch.Breach;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.definition.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;

/**
 * One gate, compiled: a condition on the books of a batch and on the values of statements over its
 * result. Not thread-safe.
 */
final class Gate {
  private static final String RELATION = "batch";
  private static final String VALUE = "value_";
  private static final String UNKNOWN = '"' + Catalog.UNKNOWN + '"';

  private static final Pattern NOT_FOUND = Pattern.compile("^column '(.*?)' not found");

  private final String name;
  private final String text;
  private final GateColumns columns;
  private final List<GateQuery> queries;
  private final RowOperator holds;

  private Gate(
      String name, String text, GateColumns columns, List<GateQuery> queries, RowOperator holds) {
    this.name = name;
    this.text = text;
    this.columns = columns;
    this.queries = queries;
    this.holds = holds;
  }

  /** Something is wrong with a part of a gate. */
  static final class Wrong extends Exception {
    private static final long serialVersionUID = 1L;
    private final String key;
    private final transient SqlException sql;

    Wrong(String key, SqlException sql) {
      super(sql);
      this.key = key;
      this.sql = sql;
    }

    /** The key that holds the text; empty if the gate is that text. */
    String key() {
      return key;
    }

    SqlException sql() {
      return sql;
    }
  }

  static Gate compile(Requirement requirement, Output result) throws Wrong {
    List<GateQuery> queries = new ArrayList<>();
    String condition;
    if (requirement.sql().isPresent()) {
      String sql = requirement.sql().get();
      queries.add(part("sql", () -> GateQuery.compile(sql, result)));
      condition = VALUE + "1 = " + requirement.condition();
    } else {
      condition = part("", () -> cutOut(requirement.condition(), Optional.of(result), queries));
    }
    String key = requirement.sql().isPresent() ? "is" : "";
    GateColumns columns = new GateColumns(condition, result);
    RowOperator holds =
        part(
            key,
            () -> {
              try {
                return QueryCompiler.compileCondition(condition, RELATION, row(columns, queries));
              } catch (SqlException e) {
                throw told(e, Optional.of(result));
              }
            });
    return new Gate(requirement.name(), GateText.line(requirement.text()), columns, queries, holds);
  }

  /**
   * Finds what is wrong with a gate.
   *
   * @param result empty if it is not known, since the statement itself is wrong
   */
  static void check(Requirement requirement, Optional<Output> result) throws Wrong {
    if (result.isPresent()) {
      compile(requirement, result.get());
    } else if (requirement.sql().isPresent()) {
      String sql = requirement.sql().get();
      part("sql", () -> GateQuery.check(sql));
    } else {
      part("", () -> cutOut(requirement.condition(), result, new ArrayList<>()));
    }
  }

  private static Schema row(GateColumns columns, List<GateQuery> queries) {
    List<Schema.Field> fields = columns.fields();
    for (int i = 0; i < queries.size(); i++) {
      fields.add(GateColumns.field(VALUE + (i + 1), queries.get(i).type()));
    }
    return Schema.createRecord("Gate", null, "dev.tidemill", false, fields);
  }

  private interface Part<T> {
    T compile() throws SqlException;
  }

  private static <T> T part(String key, Part<T> part) throws Wrong {
    try {
      return part.compile();
    } catch (SqlException e) {
      throw new Wrong(
          key,
          new SqlException(
              e.problems().stream()
                  .map(
                      p ->
                          key.equals("is") // a number, in a condition that nobody wrote
                              ? new SqlException.Problem(1, 1, GateText.forPeople(p.message()))
                              : new SqlException.Problem(
                                  p.line(), p.column(), GateText.forPeople(p.message())))
                  .toList()));
    }
  }

  /**
   * The condition with a column in the place of each statement; the statements are compiled.
   *
   * @param result empty if it is not known: then what does not need it is checked
   */
  private static String cutOut(String written, Optional<Output> result, List<GateQuery> queries)
      throws SqlException {
    String condition = GateText.forCondition(written);
    var found = new Statements();
    Syntax.expression(condition).accept(found);
    Problems problems = found.problems;
    for (SqlParserPos position : found.positions) {
      int from = index(written, position.getLineNum(), position.getColumnNum());
      int to = index(written, position.getEndLineNum(), position.getEndColumnNum()) + 1;
      while (written.charAt(from) == '(') { // the parser counts them in
        from++;
        to = written.lastIndexOf(')', to - 1);
      }
      String column = UNKNOWN;
      try {
        String statement = GateText.only(written, from, to);
        if (result.isPresent()) {
          queries.add(GateQuery.compile(statement, result.get()));
          column = VALUE + queries.size();
        } else {
          GateQuery.check(statement);
        }
      } catch (SqlException e) {
        problems.addAll(e);
      }
      condition = GateText.with(condition, from, to, column);
    }
    if (result.isEmpty() || !problems.isEmpty()) {
      checkAlone(condition, result, queries, problems);
    }
    return condition;
  }

  /** The condition, where the values of some statements are not known. */
  private static void checkAlone(
      String condition, Optional<Output> result, List<GateQuery> queries, Problems problems)
      throws SqlException {
    Output output = result.orElseGet(() -> GateColumns.anyOutput(condition));
    try {
      QueryCompiler.checkCondition(
          condition, RELATION, row(new GateColumns(condition, output), queries));
    } catch (SqlException e) {
      problems.addAll(told(e, result));
    }
    problems.throwIfAny();
  }

  /** A column of the result is not known among the books. */
  private static SqlException told(SqlException e, Optional<Output> result) {
    var problems = new Problems();
    for (SqlException.Problem problem : e.problems()) {
      Matcher column = NOT_FOUND.matcher(problem.message());
      boolean ofResult =
          column.find()
              && result.isPresent()
              && result.get().schema().getFields().stream()
                  .anyMatch(field -> field.name().equalsIgnoreCase(column.group(1)));
      problems.add(
          new SqlParserPos(problem.line(), problem.column()),
          ofResult
              ? "'%s' is a column of the result; write (SELECT MAX(%s) FROM result) > 0"
                  .formatted(column.group(1), column.group(1))
              : problem.message());
    }
    return problems.exception();
  }

  private static int index(String text, int line, int column) {
    int start = 0;
    for (int i = 1; i < line; i++) {
      start = text.indexOf('\n', start) + 1;
    }
    return start + column - 1;
  }

  /** Where the statements of a condition are. */
  private static final class Statements extends SqlBasicVisitor<Void> {
    private final List<SqlParserPos> positions = new ArrayList<>();
    private final Problems problems = new Problems();

    @Override
    public Void visit(SqlCall call) {
      if (isQuery(call)) {
        positions.add(call.getParserPosition());
        return null;
      }
      if (call.getKind() == SqlKind.OVER || Unsupported.isAggregate(call)) {
        problems.add(
            call.getParserPosition(),
            "a condition reads the books; an aggregate of the result stands in a statement: (SELECT"
                + " COUNT(*) FROM result WHERE …) > 0");
        return null;
      }
      boolean asksForRows =
          switch (call.getKind()) {
            case EXISTS, UNIQUE, SOME, ALL, IN, NOT_IN ->
                call.getOperandList().stream().anyMatch(Statements::isQuery);
            default -> false;
          };
      if (asksForRows) {
        problems.add(
            call.getParserPosition(),
            "a statement in a gate stands for one value; write (SELECT COUNT(*) FROM result"
                + " WHERE …) > 0");
        return null;
      }
      return super.visit(call);
    }

    private static boolean isQuery(SqlNode node) {
      return node != null && node.isA(SqlKind.QUERY);
    }
  }

  List<GateQuery> queries() {
    return queries;
  }

  int lookBack() {
    return columns.lookBack();
  }

  /**
   * @param shares what those that emitted anything have counted, in their order
   */
  Optional<Breach> judge(LedgerEntry entry, List<LedgerEntry> before, List<byte[]> shares) {
    List<Object> row = columns.values(entry, before);
    List<String> seen = columns.seen(entry, before);
    List<String> samples = new ArrayList<>();
    for (GateQuery query : queries) {
      GateTally.Value value = GateTally.value(query, shares);
      if (!value.failure().isEmpty()) {
        String reason = query.text() + " can not be evaluated: " + value.failure();
        return Optional.of(new Breach(name, text, reason, value.samples()));
      }
      row.add(value.value());
      seen.add(query.text() + " = " + (value.value() == null ? "NULL" : value.value()));
      samples.addAll(value.samples());
    }
    try {
      return holds.apply(row.toArray()) != null
          ? Optional.empty()
          : Optional.of(new Breach(name, text, String.join(", ", seen), samples));
    } catch (EvaluationException e) {
      seen.add(0, GateText.forPeople(e.getMessage()));
      return Optional.of(new Breach(name, text, String.join(", ", seen), samples));
    }
  }
}
