/**
 * The project's own benchmark: {@code mvn -Pbench verify}. What it measures is in
 * docs/benchmark.md.
 *
 * <p>A benchmark writes a log of orders to a broker in a process of its own, lets each {@link
 * dev.tidemill.bench.Contender} work it off in a fresh process, round after round, and holds what
 * came out against what the generator says.
 */
package dev.tidemill.bench;
