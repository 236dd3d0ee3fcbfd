package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Collects what is wrong with a statement, to be told at once. */
final class Problems {
  private final List<SqlException.Problem> problems = new ArrayList<>();

  void add(SqlParserPos position, String message) {
    var problem =
        new SqlException.Problem(
            Math.max(1, position.getLineNum()), Math.max(1, position.getColumnNum()), message);
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }

  /** Those at places of which nothing is told yet. */
  void addAll(SqlException e) {
    e.problems().stream()
        .filter(p -> !areAt(p.line(), p.column()))
        .toList()
        .forEach(p -> add(new SqlParserPos(p.line(), p.column()), p.message()));
  }

  boolean isEmpty() {
    return problems.isEmpty();
  }

  boolean areAt(int line, int column) {
    return problems.stream().anyMatch(p -> p.line() == line && p.column() == column);
  }

  void throwIfAny() throws SqlException {
    if (!isEmpty()) {
      throw exception();
    }
  }

  /** All of them, in the order of the text. */
  SqlException exception() {
    problems.sort(
        Comparator.comparingInt(SqlException.Problem::line)
            .thenComparingInt(SqlException.Problem::column));
    return new SqlException(problems);
  }
}
