package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A pipeline stands still before a record, since too many were rejected.
 *
 * @param topic of the record, a source's
 * @param read records that the partition had read, ever, with this one; what the partition's own
 *     count ({@link PartitionRead}) has when the pipeline has gone on
 * @param reason for people: what was counted
 * @param samples one for each reason for which records were rejected, the most frequent one first
 */
public record Pause(
    String topic,
    int partition,
    long offset,
    long read,
    Instant at,
    String reason,
    List<Sample> samples) {

  /**
   * The first of several records of the partition that were rejected for the same reason.
   *
   * @param count of the records
   * @param reason step and reason of this one
   * @param value of this one, for people; perhaps cut
   */
  public record Sample(long count, long offset, String reason, String value) {
    public Sample {
      requireNonNull(reason, "reason");
      requireNonNull(value, "value");
    }
  }

  public Pause {
    requireNonNull(topic, "topic");
    requireNonNull(at, "at");
    requireNonNull(reason, "reason");
    samples = List.copyOf(samples);
  }

  /** Whether the pipeline has read on since. */
  public boolean isOver(PartitionRead count) {
    return count.topic().equals(topic) && count.partition() == partition && count.read() >= read;
  }

  /** Of the record: {@code topic-partition@offset}. */
  public String place() {
    return place(offset);
  }

  private String place(long anOffset) {
    return topic + "-" + partition + "@" + anOffset;
  }

  /** For people, in one line without the samples: those may be seen by fewer. */
  public String summary() {
    return "PAUSED before " + place() + ": " + reason;
  }

  /** For people; each sample is a line of its own. */
  @Override
  public String toString() {
    return samples.stream()
        .map(sample -> "\n  " + text(sample))
        .collect(Collectors.joining("", summary(), ""));
  }

  private String text(Sample sample) {
    return String.format(
        Locale.ROOT,
        "%,d like %s: %s: %s",
        sample.count,
        place(sample.offset),
        sample.reason,
        sample.value);
  }
}
