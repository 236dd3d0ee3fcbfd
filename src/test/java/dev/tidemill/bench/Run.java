package dev.tidemill.bench;

/**
 * A run with its place in the benchmark.
 *
 * @param missing results that should have come out, and did not
 */
record Run(Contender.Name system, int round, Measurement measurement, long missing) {}
