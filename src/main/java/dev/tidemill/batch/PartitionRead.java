package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

/**
 * A source partition's own count of what was read from it, kept apart from all books. What is read
 * and in no batch's book must be {@code withoutBatch}.
 *
 * @param read records read, ever
 * @param withoutBatch of these, the ones that belong to no batch: no usable event time, or past
 *     {@code keep}; each of them is in the rejects
 */
public record PartitionRead(String topic, int partition, long read, long withoutBatch) {
  public PartitionRead {
    requireNonNull(topic, "topic");
    if (withoutBatch < 0 || withoutBatch > read) {
      throw new IllegalArgumentException(
          "withoutBatch must be within 0 and read: " + withoutBatch + " of " + read);
    }
  }
}
