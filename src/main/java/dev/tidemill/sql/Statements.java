package dev.tidemill.sql;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSnapshot;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.util.SqlBasicVisitor;

/**
 * The statements of a pipeline, which may read each other. They are parsed as if they stood in one
 * text, one below the other: so each place in it is in one of them.
 */
final class Statements {
  private final List<NamedStatement> statements;
  private final List<Integer> linesBefore = new ArrayList<>();

  Statements(List<NamedStatement> statements) {
    this.statements = List.copyOf(statements);
    int lines = 0;
    for (NamedStatement statement : statements) {
      linesBefore.add(lines);
      lines += (int) statement.sql().chars().filter(c -> c == '\n').count() + 1;
    }
  }

  /** All of them. */
  Text text() {
    return new Text(String.join("\n", statements.stream().map(NamedStatement::sql).toList()));
  }

  List<String> published() {
    return statements.stream().filter(NamedStatement::isOutput).map(NamedStatement::name).toList();
  }

  /** Those that can be parsed. */
  List<SqlNode> trees() {
    List<SqlNode> trees = new ArrayList<>();
    for (int i = 0; i < statements.size(); i++) {
      try {
        trees.add(Syntax.statement(padded(i)));
      } catch (SqlException wrong) {
        continue; // which check tells
      }
    }
    return trees;
  }

  /** A statement where it stands in the text, with nothing before it. */
  private String padded(int statement) {
    return "\n".repeat(linesBefore.get(statement)) + statements.get(statement).sql();
  }

  /**
   * Checks all of them, those that are read before those that read them.
   *
   * @param catalog which learns of each
   * @return by their names, in their own order
   * @throws Wrong with everything that is wrong; statements that read a wrong one are not looked at
   */
  Map<String, Statement> check(Catalog catalog) throws Wrong {
    Map<String, List<SqlException.Problem>> problems = new LinkedHashMap<>();
    List<Set<Integer>> reads = reads(problems);
    Map<String, Statement> checked = new LinkedHashMap<>();
    for (int statement : order(reads, problems)) {
      NamedStatement written = statements.get(statement);
      boolean readable =
          reads.get(statement).stream()
              .allMatch(other -> checked.containsKey(statements.get(other).name()));
      if (!readable || problems.containsKey(written.name())) {
        continue;
      }
      try {
        Statement right = Statement.of(written.name(), padded(statement), catalog);
        checked.put(written.name(), right);
        if (!written.name().isEmpty()) {
          catalog.add(right.view());
        }
      } catch (SqlException e) {
        add(problems, statement, e);
      }
    }
    for (int i = 0; i < statements.size(); i++) {
      int self = i;
      boolean read = reads.stream().anyMatch(others -> others.contains(self));
      if (!statements.get(i).isOutput() && !read) {
        problems
            .computeIfAbsent(statements.get(i).name(), n -> new ArrayList<>())
            .add(
                new SqlException.Problem(
                    1,
                    1,
                    "nothing reads '%s' or loads it; give it a 'load', or remove it"
                        .formatted(statements.get(i).name())));
      }
    }
    if (!problems.isEmpty()) {
      throw new Wrong(problems, checked);
    }
    Map<String, Statement> ordered = new LinkedHashMap<>();
    statements.forEach(s -> ordered.put(s.name(), checked.get(s.name())));
    return ordered;
  }

  /** Problems by statement; the places are those in the statement's own text. */
  static final class Wrong extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Map<String, SqlException> problems = new LinkedHashMap<>();
    private final transient Map<String, Statement> right;

    Wrong(Map<String, List<SqlException.Problem>> problems) {
      this(problems, Map.of());
    }

    Wrong(Map<String, List<SqlException.Problem>> problems, Map<String, Statement> right) {
      this.right = Map.copyOf(right);
      problems.forEach((name, all) -> this.problems.put(name, new SqlException(all)));
    }

    Map<String, SqlException> problems() {
      return problems;
    }

    /** What those statements give that are right. */
    Map<String, Output> outputs() {
      Map<String, Output> outputs = new LinkedHashMap<>();
      right.forEach(
          (name, of) ->
              outputs.put(name, new Output(name, of.resultSchema(), 0, of.shape().joins())));
      return outputs;
    }
  }

  /** As a problem of a statement, if it is known which one it is. */
  Wrong wrong(SqlException e) {
    Map<String, List<SqlException.Problem>> problems = new LinkedHashMap<>();
    int statement = 0;
    int line = e.problems().get(0).line();
    while (statement + 1 < statements.size() && linesBefore.get(statement + 1) < line) {
      statement++;
    }
    add(problems, statement, e);
    return new Wrong(problems);
  }

  private void add(
      Map<String, List<SqlException.Problem>> problems, int statement, SqlException e) {
    List<SqlException.Problem> own =
        problems.computeIfAbsent(statements.get(statement).name(), n -> new ArrayList<>());
    for (SqlException.Problem problem : e.problems()) {
      int line = Math.max(1, problem.line() - linesBefore.get(statement));
      own.add(new SqlException.Problem(line, problem.column(), problem.message()));
    }
  }

  /** Which others each one reads. */
  private List<Set<Integer>> reads(Map<String, List<SqlException.Problem>> problems) {
    List<Set<Integer>> reads = new ArrayList<>();
    for (int i = 0; i < statements.size(); i++) {
      Set<Integer> others = new LinkedHashSet<>();
      try {
        Set<String> names = namesIn(Syntax.statement(padded(i)));
        for (int other = 0; other < statements.size(); other++) {
          if (names.contains(statements.get(other).name())) {
            others.add(other);
          }
        }
      } catch (SqlException e) {
        add(problems, i, e);
      }
      reads.add(others);
    }
    return reads;
  }

  /** What its FROM clauses name, but for what it names itself by WITH. */
  private static Set<String> namesIn(SqlNode statement) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    Set<String> own = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    statement.accept(
        new SqlBasicVisitor<Void>() {
          @Override
          public Void visit(SqlCall call) {
            if (call instanceof SqlSelect select && select.getFrom() != null) {
              from(select.getFrom(), names);
            } else if (call instanceof SqlWithItem item) {
              own.add(item.name.getSimple());
            }
            return super.visit(call);
          }
        });
    names.removeAll(own);
    return names;
  }

  private static void from(SqlNode from, Set<String> names) {
    if (from instanceof SqlIdentifier name && name.isSimple()) {
      names.add(name.getSimple());
    } else if (from instanceof SqlJoin join) {
      from(join.getLeft(), names);
      from(join.getRight(), names);
    } else if (from instanceof SqlSnapshot snapshot) {
      from(snapshot.getTableRef(), names);
    } else if (from.getKind() == SqlKind.AS) {
      from(((SqlCall) from).operand(0), names);
    }
  }

  /** Each behind all that it reads; those that read themselves are a problem. */
  private List<Integer> order(
      List<Set<Integer>> reads, Map<String, List<SqlException.Problem>> problems) {
    Set<Integer> done = new LinkedHashSet<>();
    Deque<Integer> way = new ArrayDeque<>();
    for (int i = 0; i < statements.size(); i++) {
      visit(i, reads, done, way, problems);
    }
    return List.copyOf(done);
  }

  private void visit(
      int statement,
      List<Set<Integer>> reads,
      Set<Integer> done,
      Deque<Integer> way,
      Map<String, List<SqlException.Problem>> problems) {
    if (done.contains(statement)) {
      return;
    }
    if (way.contains(statement)) {
      String name = statements.get(statement).name();
      String last = statements.get(way.getLast()).name();
      String by = last.equals(name) ? "" : " by way of '" + last.toLowerCase(Locale.ROOT) + "'";
      problems
          .computeIfAbsent(name, n -> new ArrayList<>())
          .add(
              new SqlException.Problem(
                  1,
                  1,
                  "'%s' reads itself%s; a result is there when it is whole".formatted(name, by)));
      return;
    }
    way.addLast(statement);
    reads.get(statement).forEach(other -> visit(other, reads, done, way, problems));
    way.removeLast();
    done.add(statement);
  }
}
