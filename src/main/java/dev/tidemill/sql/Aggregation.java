package dev.tidemill.sql;

import org.apache.avro.Schema;

/** The GROUP BY of a statement. Thread-safe. */
public interface Aggregation {

  /**
   * The group of a row that a branch's {@link RowOperator} made. Equal groups (by SQL's IS NOT
   * DISTINCT FROM) have equal bytes, on every machine and in every release.
   */
  byte[] key(Object[] row);

  /**
   * The group's columns: a record schema. A column has the name under which it is in the result, or
   * else the one of what is grouped, or {@code group_1} if that is an expression.
   */
  Schema groupSchema();

  /** As {@link #key}, of a row of {@link #groupSchema}. */
  byte[] keyOf(Object[] group);

  /** Whether an aggregate depends on where its rows come from: FIRST, ARRAY_AGG and their like. */
  boolean needsPlace();

  /** Empty accumulators. */
  Accumulators create();

  /** What {@link Accumulators#encode} wrote. */
  Accumulators decode(byte[] bytes);

  /**
   * The group's columns followed by its aggregates, as {@link Query#finish} expects it.
   *
   * @throws EvaluationException if an aggregate does not fit its type (rule 13)
   */
  Object[] row(byte[] key, Accumulators accumulators) throws EvaluationException;
}
