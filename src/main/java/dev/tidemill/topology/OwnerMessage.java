package dev.tidemill.topology;

import dev.tidemill.batch.EndOfShare;
import dev.tidemill.batch.PartitionRead;
import dev.tidemill.batch.SourceSpan;

/** What intake and the shares tell the owner of the batches. */
sealed interface OwnerMessage extends Outgoing {

  /** One source partition's part in a batch, counted from the partition's beginning. */
  record Counts(long batchStart, SourceSpan span) implements OwnerMessage {}

  /** Ends a run of {@link Counts}: the partition's own count, kept apart from the verdicts. */
  record Read(PartitionRead count) implements OwnerMessage {}

  /** A share has written all rows of an attempt. */
  record ShareEnded(EndOfShare end) implements OwnerMessage {}

  /** A share has written all rows that it has of a batch which is still open. */
  record ShareEndedEarly(EndOfShare end) implements OwnerMessage {}
}
