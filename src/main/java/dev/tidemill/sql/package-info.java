/**
 * The nightly SQL job, compiled: Apache Calcite parses, validates and plans; expressions become
 * bytecode. Knows no Kafka. Rows are those of {@code schema}; comes from the definition, used by
 * {@code topology}.
 *
 * <p>The way of a statement: {@code Statements} (several as one text) → {@code Syntax} (text to
 * tree) → {@code Unsupported} (refusals) → {@code Catalog} (validation, plan) → {@code Sessions},
 * {@code Rewriting} (windows of groups, subqueries to joins) → {@code Planning} ({@code Shape}:
 * parts that are worked off record by record, and the {@code Plan} of what is done where they meet)
 * → {@code Distribution} (what has to meet) → {@code StepCompiler} (bytecode) and {@code
 * ProgramCompiler} (joins, windows, sorts) → operators. A rejected record's expression is found by
 * {@code FailureFinder}.
 *
 * <p>Where databases differ, this is what we do. The differential tests against DuckDB and
 * PostgreSQL leave these out, or say them in their dialects:
 *
 * <ul>
 *   <li>{@code 7 / 2} of integers is 3, as in the standard and PostgreSQL; DuckDB says 3.5.
 *   <li>Division by zero, an overflow, the logarithm of 0 reject the record, as the standard says;
 *       DuckDB answers NULL for the first. Only an overflow of DOUBLE is an infinity.
 *   <li>A number is never compared with a string, nor a DATE with a TIMESTAMP: CAST one. An
 *       implicit cast would fail at run time, record by record.
 *   <li>AND, OR, CASE and COALESCE are evaluated from left to right, and no further than needed;
 *       WHERE before SELECT.
 *   <li>NaN equals itself and is greater than all numbers; -0.0 equals 0.0, and sums, extremes and
 *       groups of it are 0.0. Strings are ordered by code point; characters are code points.
 *   <li>CAST to VARCHAR(n) truncates, to CHAR(n) also pads (DuckDB ignores n); of a DOUBLE it is
 *       Java's shortest text ({@code 1.0E10}); of a TIMESTAMP it has ms if there are any.
 *   <li>CAST to an integer rounds DOUBLE half to even and DECIMAL half away from zero.
 *   <li>SUM of integers is BIGINT, of DECIMAL(p, s) is DECIMAL(38, s); a sum that does not fit
 *       fails when it is read. AVG is DOUBLE, the nearest one to the exact quotient.
 *   <li>EXTRACT(DOW …) is 1 for Sunday, as in Calcite; DuckDB and PostgreSQL say 0.
 *   <li>What depends on the clock, the user or chance (CURRENT_DATE, RAND …) is refused: the same
 *       log gives the same batches.
 * </ul>
 */
package dev.tidemill.sql;
