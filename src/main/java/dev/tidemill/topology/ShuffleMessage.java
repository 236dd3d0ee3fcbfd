package dev.tidemill.topology;

import dev.tidemill.batch.EventClock;

/** What intake sends to the shares. All times in ms since the epoch. */
sealed interface ShuffleMessage extends Outgoing {

  /** Of which source partition, by its index in {@link SourcePartitions}. */
  int source();

  /**
   * A group's aggregates over some records of one source partition. The record's key is the group.
   *
   * @param records source records that are counted here for the first time; a record that takes
   *     part twice (in a UNION ALL) is counted once
   */
  record Partial(int source, long batchStart, long records, byte[] accumulators)
      implements ShuffleMessage {}

  /**
   * One row of a pipeline without GROUP BY.
   *
   * @param branch which reading of the source made the row
   * @param records 1 for the record's first row, 0 for further ones
   * @param row encoded as a row of the result
   */
  record Row(int source, long batchStart, long offset, int branch, int records, byte[] row)
      implements ShuffleMessage {}

  /**
   * How far one source partition is; goes to every share.
   *
   * @param clock the event clock; {@link #NONE} if no record had a time yet
   * @param idleUntil the partition is caught up and silent, and stands for this time (rule 2);
   *     {@link #NONE} if it is not
   * @param ended the extractor said that there is no more
   * @param entered starts of the batches that had their first record since the last marks
   */
  record Marks(int source, long clock, long idleUntil, boolean ended, long[] entered)
      implements ShuffleMessage {}

  /** No time. */
  long NONE = EventClock.NO_TIME;
}
