package dev.tidemill.query;

import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.Registry;
import dev.tidemill.schema.Reject;
import dev.tidemill.schema.RejectCodec;
import dev.tidemill.schema.Schemas;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The committed rejects of a pipeline, read from their topic one by one. Not thread-safe. */
public final class RejectsView implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Takes the rejects in their order. */
  public interface Reader {
    /**
     * @param offset in the rejects topic
     * @return whether to go on
     */
    boolean take(long offset, Reject reject);
  }

  private final RejectCodec codec;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final TopicPartition partition;

  /** The rejects' topic must exist. */
  public RejectsView(Topics topics, Registry registry, ServerSettings server) {
    codec = RejectCodec.register(registry, Schemas.valueSubject(topics.rejects()));
    Map<String, Object> config = new HashMap<>(server.kafka());
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, server.brokers());
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    // Records that retention or a person deleted must not make a loop; what is left is shown.
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    partition = new TopicPartition(topics.rejects(), 0);
    consumer.assign(List.of(partition));
  }

  /**
   * Reads what is there now, and nothing that comes meanwhile.
   *
   * @param from the first offset of the rejects topic that counts
   * @throws Unavailable if there is no such topic, or it stops answering
   */
  public void read(long from, Reader reader) {
    read(end -> from, reader);
  }

  /**
   * Reads the newest ones that are there now.
   *
   * @param atMost how many; markers of transactions count, too
   * @return whether there are no older ones
   * @throws Unavailable if there is no such topic, or it stops answering
   */
  public boolean readLast(long atMost, Reader reader) {
    return read(end -> end - atMost, reader);
  }

  /**
   * The offset behind the last one that is there now.
   *
   * @throws Unavailable if there is no such topic, or it does not answer
   */
  public long end() {
    try {
      return consumer.endOffsets(List.of(partition), PATIENCE).get(partition);
    } catch (TimeoutException | UnknownTopicOrPartitionException e) {
      throw absent(e);
    }
  }

  private boolean read(LongUnaryOperator fromBefore, Reader reader) {
    try {
      long end = end();
      long begin = consumer.beginningOffsets(List.of(partition), PATIENCE).get(partition);
      long from = fromBefore.applyAsLong(end);
      consumer.seek(partition, Math.max(from, begin));
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (consumer.position(partition, PATIENCE) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          deadline = System.nanoTime() + PATIENCE.toNanos();
          if (record.offset() >= end || !reader.take(record.offset(), decode(record))) {
            return from <= begin;
          }
        }
        if (System.nanoTime() > deadline) {
          throw new Unavailable(
              "the rejects "
                  + partition.topic()
                  + " could not be read within "
                  + PATIENCE
                  + "; is one of its brokers down?");
        }
      }
      return from <= begin;
    } catch (TimeoutException | UnknownTopicOrPartitionException e) {
      throw absent(e);
    }
  }

  private Unavailable absent(RuntimeException cause) {
    return new Unavailable(
        "there is no topic "
            + partition.topic()
            + ", or no broker that has it. Has the pipeline run there?",
        cause);
  }

  private Reject decode(ConsumerRecord<byte[], byte[]> record) {
    try {
      return codec.decode(record.value());
    } catch (DecodeException e) {
      throw new IllegalStateException(
          partition + "@" + record.offset() + " is no reject: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
