package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What becomes of firings that can not simply run.
 *
 * @param overlap of one that is due while a run is under way
 * @param misfire of those that were missed: nobody was there, or the clock jumped ahead
 * @param misfireCap how many firings wait at most; older ones are skipped
 * @param timeout after which a run is cancelled and has failed; empty: never
 * @param retries how often a firing is tried again after a run that failed
 * @param backOff before the first retry; each further one waits twice as long, up to an hour
 * @param jitter each schedule runs later by a part of it, always the same one; and each retry by
 *     another part
 * @param seed of the jitter: the same seed, the same times
 */
public record FiringPolicy(
    Overlap overlap,
    Misfire misfire,
    int misfireCap,
    Optional<Duration> timeout,
    int retries,
    Duration backOff,
    Duration jitter,
    long seed) {

  /** What is said if nothing is said. */
  public static final FiringPolicy DEFAULT =
      new FiringPolicy(
          Overlap.SKIP,
          Misfire.ONCE,
          100,
          Optional.empty(),
          3,
          Duration.ofSeconds(10),
          Duration.ZERO,
          0);

  private static final Duration LONGEST_BACK_OFF = Duration.ofHours(1);

  /** A firing that is due while a run is under way, or waits to be tried again. */
  public enum Overlap {
    /** It is not run. */
    SKIP,
    /** It runs when those before it have ended. */
    QUEUE,
    /** The run under way is cancelled, and it runs. */
    CANCEL_PREVIOUS
  }

  /** Firings that were missed. */
  public enum Misfire {
    /** None is run. */
    SKIP,
    /** The latest one runs, in the place of all. */
    ONCE,
    /** All run, one after the other. */
    ALL
  }

  /**
   * @throws IllegalArgumentException if a number or a duration is negative, no firing may wait, or
   *     there is no time for a run or for a retry
   */
  public FiringPolicy {
    requireNonNull(overlap, "overlap");
    requireNonNull(misfire, "misfire");
    requireNonNull(timeout, "timeout");
    if (misfireCap < 1 || retries < 0) {
      throw new IllegalArgumentException("misfireCap " + misfireCap + ", retries " + retries);
    }
    if (timeout.filter(t -> t.isNegative() || t.isZero()).isPresent()
        || backOff.isNegative()
        || backOff.isZero()
        || jitter.isNegative()) {
      throw new IllegalArgumentException(timeout + ", " + backOff + ", " + jitter);
    }
  }

  public FiringPolicy seeded(long other) {
    return new FiringPolicy(overlap, misfire, misfireCap, timeout, retries, backOff, jitter, other);
  }

  /** By how much every firing of the schedule runs later. */
  Duration delay() {
    return part(seed);
  }

  /** How long a firing waits after {@code attempt} has failed. */
  Duration backOff(Instant firing, int attempt) {
    Duration delay = backOff;
    for (int i = 1; i < attempt && delay.compareTo(LONGEST_BACK_OFF) < 0; i++) {
      delay = delay.multipliedBy(2);
    }
    Duration bounded = delay.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : delay;
    return bounded.plus(part(seed + 31 * firing.toEpochMilli() + attempt));
  }

  private Duration part(long of) {
    return jitter.toMillis() < 1
        ? Duration.ZERO
        : Duration.ofMillis(new SplittableRandom(of).nextLong(jitter.toMillis()));
  }
}
