package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * How many records of a source partition may be rejected until the pipeline pauses. Each limit is
 * what is still permitted.
 *
 * @param percent of the records that are read while the partition's clock is in one batch; more
 *     than 0 and less than 100
 * @param inARow records one after the other
 */
public record MaxRejects(Optional<Double> percent, Optional<Long> inARow) {

  /** Any number of records may be rejected. */
  public static final MaxRejects ANY = new MaxRejects(Optional.empty(), Optional.empty());

  public MaxRejects {
    requireNonNull(percent, "percent");
    requireNonNull(inARow, "inARow");
  }

  public boolean isAny() {
    return equals(ANY);
  }
}
