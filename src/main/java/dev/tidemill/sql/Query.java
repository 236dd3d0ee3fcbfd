package dev.tidemill.sql;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * A statement, compiled. Immutable and thread-safe; the operators that it makes are not.
 *
 * <p>A row of a source goes through its branch's operator, and then to the shares: into a group, or
 * as a row. At the end of the batch there are three cases:
 *
 * <ul>
 *   <li>Neither {@link #aggregation} nor {@link #program}: the rows are the result.
 *   <li>An {@link #aggregation}: each group's {@link Aggregation#row} goes through {@link #finish}
 *       (HAVING and the outer projection).
 *   <li>A {@link #program}: it gives the result of all that the share holds.
 * </ul>
 */
public interface Query {

  /**
   * One reading of a source. A UNION ALL has several.
   *
   * @param source the relation's name in the FROM clause
   */
  interface Branch {
    String source();

    /** To which of {@link Query#inputs} its rows go. */
    int input();

    /**
     * A new operator, for one task.
     *
     * @param context of the rows that it is applied to
     */
    RowOperator operator(RowContext context);

    /** For statements without pseudo-columns. */
    default RowOperator operator() {
      return operator(RowContext.NONE);
    }

    /** The tables that its records see as they were at the records' event time. */
    Set<String> versioned();

    /**
     * What is done with each row of {@link #operator} before it goes to its input: lookups in
     * tables. New, for one task.
     */
    Optional<Expansion> expansion(TableAccess tables, RowContext context);

    /** The lookups that {@link #expansion} makes, in their order. */
    List<Lookup> lookups();
  }

  /**
   * How a branch looks up rows.
   *
   * @param columns pairs of a column of the stream and one of the table that must be equal; those
   *     that are expressions, or of another table, are left out
   */
  record Lookup(String table, Map<String, String> columns) {}

  List<Branch> branches();

  /** How the statement reads tables; {@link TableAccess} are asked by a place in this list. */
  List<TableReading> tables();

  /**
   * What is counted of the statement's joins, each by the name of the relation in which partners
   * are looked for, or by its aliases if it has several; {@link JoinCounter} are told places in
   * this list.
   */
  List<String> joins();

  /** What becomes of a record that a join finds no row for in a table. */
  enum OnMiss {
    /** What the join says: it is left out, or stands alone. */
    JOIN,
    /** It is rejected. */
    REJECT
  }

  /** What the shares hold. */
  List<Input> inputs();

  /** The one of the only input, if each group makes a row of the result. */
  Optional<Aggregation> aggregation();

  /**
   * A new operator, for one task, from aggregated rows to result rows; without {@link #aggregation}
   * the identity.
   *
   * @param context knows the batch
   */
  RowOperator finish(RowContext context);

  /** For statements without pseudo-columns. */
  default RowOperator finish() {
    return finish(RowContext.NONE);
  }

  Optional<Program> program();

  /** Whether one share has to hold the whole batch, for one of the statements at least. */
  boolean isTogether();

  /** The columns of the rows that are emitted: a record schema. */
  Schema resultSchema();

  /**
   * The statements whose rows are emitted: one, or several whose rows {@link Output} tells apart.
   */
  List<Output> outputs();

  /** What each of {@link #outputs} is compiled to, from its last operator down to its scans. */
  List<Operator> operators();

  /**
   * @param sql the statement
   * @param sources the relations by name, each a record schema
   * @throws SqlException with every problem that was found
   */
  static Query compile(String sql, Map<String, Schema> sources) throws SqlException {
    return compile(sql, sources, Map.of());
  }

  /**
   * @param tables those of the sources that are tables, by name
   */
  static Query compile(String sql, Map<String, Schema> sources, Map<String, OnMiss> tables)
      throws SqlException {
    return compile(sql, sources, tables, EventTimes.NONE);
  }

  /**
   * @param times which tables have versions, and at which times they are asked for
   */
  static Query compile(
      String sql, Map<String, Schema> sources, Map<String, OnMiss> tables, EventTimes times)
      throws SqlException {
    return compile(sql, sources, tables, times, UserFunctions.NONE);
  }

  /**
   * @param functions of the user
   */
  static Query compile(
      String sql,
      Map<String, Schema> sources,
      Map<String, OnMiss> tables,
      EventTimes times,
      UserFunctions functions)
      throws SqlException {
    return QueryCompiler.compile(sql, sources, tables, times, functions);
  }

  /**
   * Compiles a rule: a condition on one source's columns.
   *
   * @return an operator that returns its row when the condition is TRUE or unknown, and null when
   *     it is FALSE (as a CHECK constraint does)
   */
  static RowOperator compileRule(
      String condition, String source, Schema schema, UserFunctions functions, RowContext context)
      throws SqlException {
    return QueryCompiler.compileRule(condition, source, schema, functions).operator(context);
  }

  /** For rules without pseudo-columns and functions of the user. */
  static RowOperator compileRule(String condition, String source, Schema schema)
      throws SqlException {
    return compileRule(condition, source, schema, UserFunctions.NONE, RowContext.NONE);
  }
}
