package dev.tidemill.load;

import dev.tidemill.batch.EndOfShare;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.Headers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The results topic, from the positions that the target knows. Not thread-safe; after an exception
 * to be closed, since what was polled is lost.
 */
final class ResultsReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ResultsReader.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Consumer<byte[], byte[]> consumer;
  private final LoaderCodecs codecs;

  /**
   * @param positions the next offsets; a partition without one is read from its beginning
   */
  ResultsReader(
      Consumer<byte[], byte[]> consumer,
      LoaderCodecs codecs,
      ResultsTopic topic,
      Map<Integer, Long> positions) {
    this.consumer = consumer;
    this.codecs = codecs;
    consumer.assign(topic.all());
    for (TopicPartition partition : topic.all()) {
      Long position = positions.get(partition.partition());
      if (position == null) {
        consumer.seekToBeginning(List.of(partition));
      } else {
        consumer.seek(partition, position);
      }
    }
  }

  /**
   * What was read, and how far.
   *
   * @param bytes of the values
   */
  record Read(int records, long bytes, Map<Integer, Long> next) {}

  /**
   * @param chunk to be filled
   * @return the next offsets of the partitions that had records
   * @throws Unavailable if the log does not reach back to a position
   * @throws dev.tidemill.schema.RegistryUnavailableException if a schema can not be asked for
   */
  Read poll(Chunk chunk, Duration timeout) {
    ConsumerRecords<byte[], byte[]> records = poll(timeout);
    long bytes = 0;
    for (ConsumerRecord<byte[], byte[]> result : records) {
      add(chunk, result);
      bytes += result.serializedValueSize();
    }
    Map<Integer, Long> next = new TreeMap<>();
    for (TopicPartition partition : records.partitions()) {
      next.put(partition.partition(), consumer.position(partition, PATIENCE));
    }
    return new Read(records.count(), bytes, next);
  }

  /** The next offset to be read, of every partition. */
  Map<Integer, Long> next() {
    return consumer.assignment().stream()
        .collect(
            Collectors.toMap(
                TopicPartition::partition, partition -> consumer.position(partition, PATIENCE)));
  }

  private ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    try {
      return consumer.poll(timeout);
    } catch (OffsetOutOfRangeException e) {
      throw new Unavailable(
          ("results were deleted before they were loaded, or the topic is not the one that the"
                  + " target was loaded from: the log does not have the offsets %s. If an older"
                  + " state of the target was restored, restore a newer one, or delete the target"
                  + " as a whole to load what is still there; else check the retention of the"
                  + " topic")
              .formatted(e.offsetOutOfRangePartitions()),
          e);
    }
  }

  private void add(Chunk chunk, ConsumerRecord<byte[], byte[]> result) {
    Optional<ByteBuffer> batch = header(result, Headers.BATCH, Long.BYTES);
    Optional<ByteBuffer> attempt = header(result, Headers.ATTEMPT, Integer.BYTES);
    if (batch.isEmpty() || attempt.isEmpty()) {
      LOG.error("{} is no result and is passed over: who else writes there?", place(result));
      return;
    }
    Instant start = Instant.ofEpochMilli(batch.get().getLong());
    int share = result.partition();
    int shareAttempt = attempt.get().getInt();
    try {
      if (result.headers().lastHeader(Headers.END_OF_SHARE) == null) {
        Object[] row = codecs.rows().decode(result.value());
        if (codecs.output().has(row)) {
          chunk.row(start, share, shareAttempt, result.offset(), codecs.output().of(row));
        }
      } else {
        chunk.end(endOfShare(result, start, shareAttempt).of(codecs.output().name()));
      }
    } catch (DecodeException e) {
      chunk.refuse(start, share, shareAttempt, place(result) + ": " + e.getMessage());
    }
  }

  private EndOfShare endOfShare(ConsumerRecord<byte[], byte[]> result, Instant start, int attempt)
      throws DecodeException {
    EndOfShare end = codecs.ends().decode(result.value());
    if (end.share() != result.partition()
        || end.attempt() != attempt
        || !end.batch().start().equals(start)) {
      throw new DecodeException("the end mark is of another share than its record says: " + end);
    }
    return end;
  }

  private static Optional<ByteBuffer> header(
      ConsumerRecord<byte[], byte[]> result, String name, int bytes) {
    Header header = result.headers().lastHeader(name);
    return header == null || header.value() == null || header.value().length != bytes
        ? Optional.empty()
        : Optional.of(ByteBuffer.wrap(header.value()));
  }

  private static String place(ConsumerRecord<byte[], byte[]> result) {
    return result.topic() + "-" + result.partition() + "@" + result.offset();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
