package dev.tidemill.topology;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/**
 * When a share writes what it has of batches that are open: whenever the wall clock passes a
 * multiple of {@code early}, so all shares do at about the same time. Not thread-safe.
 */
final class EarlyPace {
  private final long every;
  private long last;

  /**
   * @param every how often; empty: never
   * @param now ms since the epoch
   */
  EarlyPace(Optional<Duration> every, long now) {
    this.every = every.map(Duration::toMillis).orElse(0L);
    this.last = turn(now);
  }

  private long turn(long now) {
    return every == 0 ? 0 : Math.floorDiv(now, every);
  }

  /** Tells the batches if it is time. A clock that was set back is waited for. */
  void look(long now, Collection<ShareBatch> batches) {
    if (turn(now) > last) {
      last = turn(now);
      batches.forEach(ShareBatch::dueEarly);
    }
  }
}
