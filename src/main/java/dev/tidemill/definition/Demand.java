package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far an extractor may be ahead of its pipeline, in records of one partition that the pipeline
 * has not read. It stops at {@code max} and goes on at {@code min}: as in GenStage, where a
 * consumer's demand is what flows back.
 *
 * @param maxBytes the same in bytes of one partition; it goes on at half of them
 * @param patience how long it waits before its run fails; empty: as long as it takes
 */
public record Demand(long max, long min, OptionalLong maxBytes, Optional<Duration> patience) {
  public Demand {
    requireNonNull(maxBytes, "maxBytes");
    requireNonNull(patience, "patience");
    if (max < 1 || min < 0 || min >= max || maxBytes.orElse(1) < 1) {
      throw new IllegalArgumentException(
          "no demand: max " + max + ", min " + min + ", " + maxBytes);
    }
  }

  /** In records alone, and without an end to its patience. */
  public Demand(long max, long min) {
    this(max, min, OptionalLong.empty(), Optional.empty());
  }
}
