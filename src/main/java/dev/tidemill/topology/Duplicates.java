package dev.tidemill.topology;

import java.util.Optional;

/**
 * Finds records that are the same as one that has taken part, for the sources that are
 * deduplicated. Not thread-safe.
 *
 * @param seen empty if no source of the pipeline is
 */
record Duplicates(Optional<SeenRecords> seen) {

  /** By which a record is the same as others; empty if it does not matter, or it takes no part. */
  static Optional<byte[]> sameness(SourceReader reader, Object[] row, EvaluatedRows rows)
      throws SourceReader.Rejected {
    if (reader.dedupe().isEmpty() || rows.size() == 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(reader.dedupe().get().key().of(row));
    } catch (IllegalArgumentException e) { // a time that its own type can not count
      throw new SourceReader.Rejected("dedupe", e.getMessage());
    }
  }

  /** Of records that are the same, the first that takes part counts. */
  boolean has(
      SourceReader reader,
      IntakePartition partition,
      IntakePartition.Part part,
      long time,
      Optional<byte[]> same) {
    return same.isPresent()
        && seen.orElseThrow()
            .contains(
                reader.dedupe().orElseThrow(), partition.source(), part.start(), time, same.get());
  }

  /**
   * @return whether so much is in the heap that it should be written down
   */
  boolean remember(
      SourceReader reader,
      IntakePartition partition,
      IntakePartition.Part part,
      long time,
      Optional<byte[]> same) {
    if (same.isEmpty()) {
      return false;
    }
    SeenRecords records = seen.orElseThrow();
    records.add(reader.dedupe().orElseThrow(), partition.source(), part.start(), time, same.get());
    return records.isFull();
  }

  /**
   * @param oldestBatch start of the oldest one that a record of the partition can still enter; ms
   *     since the epoch
   */
  void forget(SourceReader reader, IntakePartition partition, long oldestBatch) {
    reader
        .dedupe()
        .ifPresent(rule -> seen.orElseThrow().forget(rule, partition.source(), oldestBatch));
  }
}
