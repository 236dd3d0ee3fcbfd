package dev.tidemill.bench;

/**
 * A run with its place in the benchmark.
 *
 * @param system or, if it is always the same one, the statement
 * @param missing results that should have come out, and did not
 */
record Run(String system, int round, Measurement measurement, long missing) {}
