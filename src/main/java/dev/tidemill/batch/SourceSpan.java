package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

/**
 * Which records of one source partition took part in a batch: enough to run it again (rule 12).
 *
 * @param firstOffset offset of the first record of the batch
 * @param lastOffset offset of the last record of the batch so far, inclusive
 * @param clockBefore the event clock before that first record, ms since the epoch
 * @param checksum of the rows that its records gave to the result: {@link Checksum}
 */
public record SourceSpan(
    String topic,
    int partition,
    long firstOffset,
    long lastOffset,
    long clockBefore,
    Books books,
    long checksum) {

  public SourceSpan {
    requireNonNull(topic, "topic");
    requireNonNull(books, "books");
  }
}
