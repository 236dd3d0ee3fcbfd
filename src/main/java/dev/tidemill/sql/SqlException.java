package dev.tidemill.sql;

import java.util.List;

/** A statement is wrong, or asks for what is not supported yet; with the places. */
public final class SqlException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param line in the statement, from 1
   * @param column in the line, from 1
   */
  public record Problem(int line, int column, String message) {}

  private final transient List<Problem> problems;

  public SqlException(List<Problem> problems) {
    super(problems.get(0).message());
    this.problems = List.copyOf(problems);
  }

  public List<Problem> problems() {
    return problems;
  }
}
