package dev.tidemill.extract;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.util.Optional;
import org.apache.kafka.common.utils.ExponentialBackoff;

/**
 * How much an {@link Extractor} does at once, and when.
 *
 * @param limit of a transaction
 * @param backoff before whatever has failed is tried again, in ms
 * @param timing of the source's schedule, if it has one
 * @param shared by all extractors of the process, if they have to keep a rate together
 */
record Tuning(
    Transaction.Limit limit, ExponentialBackoff backoff, Timing timing, Optional<Pace> shared) {
  /** Up to half a minute: whatever has failed is not asked faster by its failing. */
  private static final ExponentialBackoff BACKOFF = new ExponentialBackoff(1_000, 2, 30_000, 0.2);

  Tuning {
    requireNonNull(limit, "limit");
    requireNonNull(backoff, "backoff");
    requireNonNull(timing, "timing");
    requireNonNull(shared, "shared");
  }

  static Tuning usual() {
    return new Tuning(
        Transaction.Limit.DEFAULT,
        BACKOFF,
        Timing.startingNow(Clock.systemUTC()),
        Optional.empty());
  }

  Tuning withLimit(Transaction.Limit other) {
    return new Tuning(other, backoff, timing, shared);
  }

  Tuning withBackoff(ExponentialBackoff other) {
    return new Tuning(limit, other, timing, shared);
  }

  Tuning withTiming(Timing other) {
    return new Tuning(limit, backoff, other, shared);
  }

  Tuning withShared(Optional<Pace> other) {
    return new Tuning(limit, backoff, timing, other);
  }
}
