package dev.tidemill.definition;

/**
 * How far an extractor may be ahead of its pipeline, in records of one partition that the pipeline
 * has not read. It stops at {@code max} and goes on at {@code min}: as in GenStage, where a
 * consumer's demand is what flows back.
 */
public record Demand(long max, long min) {
  public Demand {
    if (max < 1 || min < 0 || min >= max) {
      throw new IllegalArgumentException("no demand: max " + max + ", min " + min);
    }
  }
}
