package dev.tidemill.schema;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A record that could not take part, with everything that is needed to understand and to replay it.
 *
 * @param step where it failed: extract, decode, event-time, expect, sql, late
 * @param reason for people; names the field, rule or expression
 * @param batch start of the record's batch, if its event time was understood
 * @param timestamp of the Kafka record, ms since the epoch
 * @param key original bytes, if there were any
 * @param value original bytes, if there were any
 * @param headers original headers, in order
 * @param keyCut what the key was, if only its beginning is here
 * @param valueCut what the value was, if only its beginning is here
 * @param droppedHeaders how many of the last headers are not here
 */
public record Reject(
    String topic,
    int partition,
    long offset,
    long timestamp,
    String step,
    String reason,
    Optional<Instant> batch,
    Optional<byte[]> key,
    Optional<byte[]> value,
    List<RejectHeader> headers,
    Optional<Cut> keyCut,
    Optional<Cut> valueCut,
    int droppedHeaders) {

  /** A header of the original record. */
  public record RejectHeader(String name, Optional<byte[]> value) {}

  /**
   * What was too large to be kept whole (rule 13).
   *
   * @param bytes the original's length
   * @param sha256 of the original, in hex
   */
  public record Cut(long bytes, String sha256) {
    public Cut {
      requireNonNull(sha256, "sha256");
    }
  }

  public Reject {
    requireNonNull(topic, "topic");
    requireNonNull(step, "step");
    requireNonNull(reason, "reason");
    requireNonNull(batch, "batch");
    requireNonNull(key, "key");
    requireNonNull(value, "value");
    headers = List.copyOf(headers);
    requireNonNull(keyCut, "keyCut");
    requireNonNull(valueCut, "valueCut");
  }

  /** A whole record; {@link RejectCodec} cuts it if need be. */
  public Reject(
      String topic,
      int partition,
      long offset,
      long timestamp,
      String step,
      String reason,
      Optional<Instant> batch,
      Optional<byte[]> key,
      Optional<byte[]> value,
      List<RejectHeader> headers) {
    this(
        topic,
        partition,
        offset,
        timestamp,
        step,
        reason,
        batch,
        key,
        value,
        headers,
        Optional.empty(),
        Optional.empty(),
        0);
  }

  /** Whether it can be replayed as it was. */
  public boolean isWhole() {
    return keyCut.isEmpty() && valueCut.isEmpty() && droppedHeaders == 0;
  }

  /** {@code topic-partition@offset}. */
  public String place() {
    return topic + "-" + partition + "@" + offset;
  }
}
