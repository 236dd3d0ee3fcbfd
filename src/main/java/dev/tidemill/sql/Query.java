package dev.tidemill.sql;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * A statement, compiled. Immutable and thread-safe; the operators that it makes are not.
 *
 * <p>A row of a source goes through its branch's operator. Without an aggregation what comes out is
 * a row of the result. With one it is merged into its group, and at the end of the batch each
 * group's {@link Aggregation#row} goes through {@link #finish} (HAVING and the outer projection).
 */
public interface Query {

  /**
   * One reading of a source. A UNION ALL has several.
   *
   * @param source the relation's name in the FROM clause
   */
  interface Branch {
    String source();

    /** A new operator, for one task. */
    RowOperator operator();
  }

  List<Branch> branches();

  Optional<Aggregation> aggregation();

  /**
   * A new operator, for one task, from aggregated rows to result rows; without aggregation the
   * identity.
   */
  RowOperator finish();

  /** The result's columns: a record schema. */
  Schema resultSchema();

  /**
   * @param sql the statement
   * @param sources the relations by name, each a record schema
   * @throws SqlException with every problem that was found
   */
  static Query compile(String sql, Map<String, Schema> sources) throws SqlException {
    return QueryCompiler.compile(sql, sources);
  }

  /**
   * Compiles a rule: a condition on one source's columns.
   *
   * @return an operator that returns its row when the condition is TRUE or unknown, and null when
   *     it is FALSE (as a CHECK constraint does)
   */
  static RowOperator compileRule(String condition, String source, Schema schema)
      throws SqlException {
    return QueryCompiler.compileRule(condition, source, schema);
  }
}
