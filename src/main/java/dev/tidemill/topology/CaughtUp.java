package dev.tidemill.topology;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Knows whether a source partition has been processed to its end (rule 3). Thread-safe: written by
 * the consumers and by {@link HighWatermarks}, read by intake.
 *
 * <p>A partition is caught up as of the moment at which its high watermark was asked for, if the
 * consumer's position has reached that watermark, and the last record that it handed to Streams has
 * been processed. Queued records, transaction markers and an open transaction count as lag.
 */
final class CaughtUp {

  /**
   * @param offset the partition's high watermark (read_uncommitted)
   * @param askedNanos {@link System#nanoTime} before it was asked for
   * @param askedMillis the wall clock then
   */
  record HighWatermark(long offset, long askedNanos, long askedMillis) {}

  /**
   * Records of one partition. A topology that is so far behind commits seldom: it has more to do.
   */
  private static final long FAR_BEHIND = 20_000;

  private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
  private final Map<TopicPartition, Long> handed = new ConcurrentHashMap<>();
  private final Map<TopicPartition, HighWatermark> highWatermarks = new ConcurrentHashMap<>();

  void highWatermark(TopicPartition partition, HighWatermark highWatermark) {
    highWatermarks.put(partition, highWatermark);
  }

  /** The consumer has handed these to Streams. */
  void handed(ConsumerRecords<byte[], byte[]> records) {
    for (TopicPartition partition : records.partitions()) {
      var ofPartition = records.records(partition);
      handed.put(partition, ofPartition.get(ofPartition.size() - 1).offset());
    }
  }

  /** The consumer stands here, behind all that it has handed over. */
  void position(TopicPartition partition, long offset) {
    positions.put(partition, offset);
  }

  boolean hasPosition(TopicPartition partition) {
    return positions.containsKey(partition);
  }

  /** The partition went to another consumer. */
  void forget(TopicPartition partition) {
    positions.remove(partition);
    handed.remove(partition);
  }

  /**
   * Whether this instance has far to go in a partition: then what it commits now is of no use to
   * anybody yet, and larger commits cost less. Else nobody should wait for a commit.
   */
  boolean isFarBehind() {
    for (Map.Entry<TopicPartition, Long> last : handed.entrySet()) {
      HighWatermark high = highWatermarks.get(last.getKey());
      if (high != null && high.offset() - last.getValue() > FAR_BEHIND) {
        return true;
      }
    }
    return false;
  }

  /**
   * The wall clock at which the partition was known to be processed to its end and silent for a
   * time.
   *
   * @param processed offset of the last record that intake processed since its task began; -1 for
   *     none
   * @param sinceNanos {@link System#nanoTime} of that record, or of the task's beginning
   * @return ms since the epoch, or {@link ShuffleMessage#NONE} if it was not
   */
  long silentAt(TopicPartition partition, long processed, long sinceNanos, Duration silence) {
    HighWatermark high = highWatermarks.get(partition);
    Long position = positions.get(partition);
    Long last = handed.get(partition);
    boolean caughtUp =
        high != null
            && position != null
            && position >= high.offset()
            && (last == null || last <= processed);
    boolean silent = caughtUp && high.askedNanos() - sinceNanos >= silence.toNanos();
    return silent ? high.askedMillis() : ShuffleMessage.NONE;
  }
}
