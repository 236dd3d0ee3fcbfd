package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which records of a source partition are the same: of those only the first that takes part counts.
 *
 * @param by fields, perhaps by paths, whose values are equal
 * @param within event time between the two; empty: both are in one batch
 */
public record Dedupe(List<String> by, Optional<Duration> within) {
  public Dedupe {
    by = List.copyOf(by);
    requireNonNull(within, "within");
    if (by.isEmpty()) {
      throw new IllegalArgumentException("no field to compare records by");
    }
  }
}
