package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

/**
 * A source partition's own count of what was read from it, kept apart from all books. What is read
 * and in no batch's book must be {@code withoutBatch}.
 *
 * @param read records read, ever
 * @param withoutBatch of these, the ones that belong to no batch: no usable event time, or past
 *     {@code keep}; each of them is in the rejects
 * @param extracted how many the extractor had published when it said so last; {@link #UNTOLD} if it
 *     never did
 * @param missing how many of those had not been read when that was read; negative if more had
 * @param expected of the source, as its extractor said last; the same in all of its partitions
 */
public record PartitionRead(
    String topic,
    int partition,
    long read,
    long withoutBatch,
    long extracted,
    long missing,
    Expected expected) {

  /** {@link #extracted} where nobody tells. */
  public static final long UNTOLD = -1;

  public PartitionRead {
    requireNonNull(topic, "topic");
    requireNonNull(expected, "expected");
    if (withoutBatch < 0 || withoutBatch > read) {
      throw new IllegalArgumentException(
          "withoutBatch must be within 0 and read: " + withoutBatch + " of " + read);
    }
  }

  /** Of a partition of whose source nothing is expected. */
  public PartitionRead(
      String topic, int partition, long read, long withoutBatch, long extracted, long missing) {
    this(topic, partition, read, withoutBatch, extracted, missing, Expected.NOTHING);
  }

  /** Of a partition whose extractor has told nothing. */
  public PartitionRead(String topic, int partition, long read, long withoutBatch) {
    this(topic, partition, read, withoutBatch, UNTOLD, 0);
  }
}
