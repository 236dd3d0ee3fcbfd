package dev.tidemill.batch;

import java.time.Instant;

/**
 * Cuts the event-time line into batches without gaps or overlaps: every instant belongs to exactly
 * one. Implementations are immutable and thread-safe.
 */
public interface Calendar {

  /** The batch that contains {@code time}. */
  Batch batchOf(Instant time);

  /** The batch that starts where {@code batch} ends. */
  default Batch next(Batch batch) {
    return batchOf(batch.end());
  }

  /** The batch that ends where {@code batch} starts. */
  default Batch previous(Batch batch) {
    return batchOf(batch.start().minusNanos(1));
  }
}
