package dev.tidemill.topology;

import dev.tidemill.batch.CrashPoint;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/**
 * Streams' usual clients, with a main consumer that tells {@link CaughtUp} how far it is, and hands
 * over the records of sources in runs.
 */
final class TrackedClients extends DefaultKafkaClientSupplier {
  private final CaughtUp caughtUp;
  private final Set<String> sources;
  private final PipelineTables tables;

  /**
   * @param sources their topics
   */
  TrackedClients(CaughtUp caughtUp, Set<String> sources, PipelineTables tables) {
    this.caughtUp = caughtUp;
    this.sources = Set.copyOf(sources);
    this.tables = tables;
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return new TrackedConsumer(config, caughtUp, sources);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return CrashPoint.isAnyArmed() ? new CrashingProducer(config) : new PipelineProducer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return new TableConsumer(config, tables::position);
  }

  private static final class TrackedConsumer extends KafkaConsumer<byte[], byte[]> {
    private final CaughtUp caughtUp;
    private final Set<String> sources;

    TrackedConsumer(Map<String, Object> config, CaughtUp caughtUp, Set<String> sources) {
      super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      this.caughtUp = caughtUp;
      this.sources = sources;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
      caughtUp.handed(records);
      // A partition may be quiet while others always have something, so that no poll is empty.
      records
          .nextOffsets()
          .forEach((partition, next) -> caughtUp.position(partition, next.offset()));
      for (TopicPartition partition : assignment()) {
        if (records.isEmpty() || !caughtUp.hasPosition(partition)) { // asking costs
          ask(partition);
        }
      }
      return RecordRun.pack(records, sources);
    }

    private void ask(TopicPartition partition) {
      try {
        caughtUp.position(partition, position(partition, Duration.ZERO));
      } catch (TimeoutException unknownYet) {
        caughtUp.forget(partition);
      }
    }

    /**
     * A thread that died and is replaced closes its consumer as one that will be back. It will not,
     * and its partitions would stand still until the session times out.
     */
    @Override
    public void close(CloseOptions options) {
      options.withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
      super.close(options);
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
      super.subscribe(topics, forgetting(listener));
    }

    private ConsumerRebalanceListener forgetting(ConsumerRebalanceListener listener) {
      return new ConsumerRebalanceListener() {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
          partitions.forEach(caughtUp::forget);
          listener.onPartitionsAssigned(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
          partitions.forEach(caughtUp::forget);
          listener.onPartitionsRevoked(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
          partitions.forEach(caughtUp::forget);
          listener.onPartitionsLost(partitions);
        }
      };
    }
  }
}
