package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * Which records of one source partition took part in a batch: enough to run it again (rule 12).
 *
 * @param firstOffset offset of the first record of the batch
 * @param lastOffset offset of the last record of the batch so far, inclusive
 * @param clockBefore the event clock before that first record, ms since the epoch
 * @param checksum of the rows that its records gave to the result: {@link Checksum}
 * @param warned how often its records broke a rule that only warns, by the rule's name
 * @param joins what its records found when they were looked up in tables, by the join's name
 */
public record SourceSpan(
    String topic,
    int partition,
    long firstOffset,
    long lastOffset,
    long clockBefore,
    Books books,
    long checksum,
    Map<String, Long> warned,
    Map<String, JoinCount> joins) {

  /** Without a warning or a lookup. */
  public SourceSpan(
      String topic,
      int partition,
      long firstOffset,
      long lastOffset,
      long clockBefore,
      Books books,
      long checksum) {
    this(
        topic,
        partition,
        firstOffset,
        lastOffset,
        clockBefore,
        books,
        checksum,
        Map.of(),
        Map.of());
  }

  public SourceSpan {
    requireNonNull(topic, "topic");
    requireNonNull(books, "books");
    warned = Map.copyOf(warned);
    joins = Map.copyOf(joins);
  }
}
