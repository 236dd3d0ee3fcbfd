package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A pipeline stands still before a record, since too many were rejected.
 *
 * @param topic of the record, a source's
 * @param read records that the partition had read, ever, with this one; what the partition's own
 *     count ({@link PartitionRead}) has when the pipeline has gone on
 * @param reason for people: what was counted, and why records were rejected
 */
public record Pause(
    String topic, int partition, long offset, long read, Instant at, String reason) {
  public Pause {
    requireNonNull(topic, "topic");
    requireNonNull(at, "at");
    requireNonNull(reason, "reason");
  }

  /** Whether the pipeline has read on since. */
  public boolean isOver(PartitionRead count) {
    return count.topic().equals(topic) && count.partition() == partition && count.read() >= read;
  }

  /** Of the record: {@code topic-partition@offset}. */
  public String place() {
    return topic + "-" + partition + "@" + offset;
  }

  /** For people. */
  @Override
  public String toString() {
    return "PAUSED before " + place() + ": " + reason;
  }
}
