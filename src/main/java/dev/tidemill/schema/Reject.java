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
    List<RejectHeader> headers) {

  /** A header of the original record. */
  public record RejectHeader(String name, Optional<byte[]> value) {}

  public Reject {
    requireNonNull(topic, "topic");
    requireNonNull(step, "step");
    requireNonNull(reason, "reason");
    requireNonNull(batch, "batch");
    requireNonNull(key, "key");
    requireNonNull(value, "value");
    headers = List.copyOf(headers);
  }

  /** {@code topic-partition@offset}. */
  public String place() {
    return topic + "-" + partition + "@" + offset;
  }
}
