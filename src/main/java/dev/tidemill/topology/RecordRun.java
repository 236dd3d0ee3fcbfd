package dev.tidemill.topology;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * Source records that follow each other in a partition, which Streams takes for one.
 *
 * <p>Streams spends about a microsecond on each record, on queues, contexts and metrics; to decode
 * and aggregate it takes less. So the consumer hands over runs, and intake unpacks them. A run has
 * the offset of its <em>first</em> record: while it waits in a task's queue, that is the offset
 * that a commit writes ({@code StreamTask.findOffsetAndMetadata}, 4.3.1), and once it is processed
 * the next offset comes from {@link ConsumerRecords#nextOffsets()}. A run is processed whole or not
 * at all, since a commit comes between two calls of {@code process()}.
 *
 * <p>It travels as a header that exists in this process only: no record from a topic can carry one.
 */
final class RecordRun implements Header {
  /** Records. Enough to make their share of the cost small; more would only delay the clock. */
  private static final int LONGEST = 100;

  /** Bytes from which a run is complete: a task's queue is bounded in runs, not in records. */
  private static final int LARGEST = 64 << 10;

  private static final byte[] NOTHING = new byte[0];

  private final List<ConsumerRecord<byte[], byte[]>> records;

  private RecordRun(List<ConsumerRecord<byte[], byte[]>> records) {
    this.records = records;
  }

  /** The same records, with runs in the place of those of some topics. */
  static ConsumerRecords<byte[], byte[]> pack(
      ConsumerRecords<byte[], byte[]> polled, Set<String> topics) {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> packed = new HashMap<>();
    for (TopicPartition partition : polled.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> records = polled.records(partition);
      packed.put(partition, topics.contains(partition.topic()) ? runs(records) : records);
    }
    return new ConsumerRecords<>(packed, polled.nextOffsets());
  }

  private static List<ConsumerRecord<byte[], byte[]>> runs(
      List<ConsumerRecord<byte[], byte[]>> records) {
    List<ConsumerRecord<byte[], byte[]>> runs = new ArrayList<>(records.size() / LONGEST + 1);
    for (int from = 0, to; from < records.size(); from = to) {
      to = end(records, from);
      runs.add(new RecordRun(records.subList(from, to)).asRecord());
    }
    return runs;
  }

  private static int end(List<ConsumerRecord<byte[], byte[]>> records, int from) {
    int most = Math.min(records.size(), from + LONGEST);
    int to = from;
    for (int bytes = 0; to < most && bytes < LARGEST; to++) {
      bytes += records.get(to).serializedKeySize() + records.get(to).serializedValueSize();
    }
    return to;
  }

  private ConsumerRecord<byte[], byte[]> asRecord() {
    ConsumerRecord<byte[], byte[]> first = records.get(0);
    return new ConsumerRecord<>(
        first.topic(),
        first.partition(),
        first.offset(),
        first.timestamp(),
        TimestampType.CREATE_TIME,
        NOTHING.length,
        NOTHING.length,
        NOTHING,
        NOTHING,
        new RecordHeaders(List.of(this)),
        first.leaderEpoch());
  }

  /** The records, if what Streams hands over is a run. */
  static Optional<List<ConsumerRecord<byte[], byte[]>>> of(Headers headers) {
    for (Header header : headers) {
      if (header instanceof RecordRun run) {
        return Optional.of(run.records);
      }
    }
    return Optional.empty();
  }

  @Override
  public String key() {
    return "run";
  }

  @Override
  public byte[] value() {
    return NOTHING;
  }
}
