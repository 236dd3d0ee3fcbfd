package dev.tidemill.topology;

import dev.tidemill.batch.EventClock;
import java.nio.ByteBuffer;

/** What intake sends to the shares. All times in ms since the epoch. */
sealed interface ShuffleMessage extends Outgoing {

  /** Of which source partition, by its index in {@link SourcePartitions}. */
  int source();

  /**
   * What records of one source partition add to batches, group by group; or row by row in a
   * pipeline without GROUP BY.
   *
   * @param share where it belongs
   * @param entries as {@link PartialsWriter} packs them
   */
  record Partials(int share, int source, byte[] entries) implements ShuffleMessage {

    /** Takes one entry. */
    interface Visitor {

      /**
       * @param records source records that are counted here for the first time; a record that takes
       *     part twice (in a UNION ALL) is counted once
       * @param checksum of the rows of these records that are in {@code value}
       * @param key of the group, or a row's place in the source: {@link StoreKeys#row}
       * @param value the group's accumulators, or the row, encoded as one of the result
       */
      void entry(long batchStart, long records, long checksum, byte[] key, byte[] value);
    }

    void forEach(Visitor visitor) {
      ByteBuffer in = ByteBuffer.wrap(entries);
      while (in.hasRemaining()) {
        long batchStart = in.getLong();
        long records = in.getLong();
        long checksum = in.getLong();
        byte[] key = bytes(in);
        visitor.entry(batchStart, records, checksum, key, bytes(in));
      }
    }

    private static byte[] bytes(ByteBuffer in) {
      byte[] bytes = new byte[in.getInt()];
      in.get(bytes);
      return bytes;
    }
  }

  /**
   * How far one source partition is; goes to every share.
   *
   * @param clock the event clock; {@link #NONE} if no record had a time yet
   * @param idleUntil the partition is caught up and silent, and stands for this time (rule 2);
   *     {@link #NONE} if it is not
   * @param completeTo the extractor said that every row with an event time before this is
   *     published; {@link #NONE} if it did not
   * @param ended the extractor said that there is no more
   * @param entered starts of the batches that had their first record since the last marks
   */
  record Marks(
      int source, long clock, long idleUntil, long completeTo, boolean ended, long[] entered)
      implements ShuffleMessage {}

  /** No time. */
  long NONE = EventClock.NO_TIME;
}
