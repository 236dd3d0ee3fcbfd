package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * How an extractor publishes what it reads, wherever that is from.
 *
 * @param partitions how many the source's topic gets
 * @param demand how far the extractor may be ahead; empty: as far as it comes
 * @param completeAfter how long after its event time a row can be read at the latest, so that a
 *     look tells that nothing older is missing; empty: no look tells
 * @param rate how fast it may publish; empty: as fast as it can
 * @param schedule when to look; empty: once, or as the origin says
 */
public record Publishing(
    int partitions,
    Optional<Demand> demand,
    Optional<Duration> completeAfter,
    Optional<Rate> rate,
    Optional<ScheduleDefinition> schedule) {
  public Publishing {
    requireNonNull(demand, "demand");
    requireNonNull(completeAfter, "completeAfter");
    requireNonNull(rate, "rate");
    requireNonNull(schedule, "schedule");
    if (partitions < 1) {
      throw new IllegalArgumentException("a topic needs a partition: " + partitions);
    }
  }

  /** Without a rate and a schedule. */
  public Publishing(int partitions, Optional<Demand> demand, Optional<Duration> completeAfter) {
    this(partitions, demand, completeAfter, Optional.empty(), Optional.empty());
  }

  /** The same, looked at once. */
  Publishing once() {
    return new Publishing(partitions, demand, completeAfter, rate, Optional.empty());
  }

  /** As fast as it comes. */
  public static Publishing to(int partitions) {
    return new Publishing(partitions, Optional.empty(), Optional.empty());
  }
}
