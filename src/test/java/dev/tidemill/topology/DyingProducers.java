package dev.tidemill.topology;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Clients whose producers die right before they would commit: after everything was sent, before the
 * offsets are. As often as told, then never again.
 */
final class DyingProducers {

  /**
   * What a transaction is about to commit.
   *
   * @param partials how many partials and rows it has sent to the shuffle
   * @param offsets the source offsets that would be committed
   */
  record Commit(
      Map<String, Integer> sent, int partials, Map<TopicPartition, OffsetAndMetadata> offsets) {}

  private final AtomicInteger left;
  private final AtomicInteger happened = new AtomicInteger();
  private final String shuffle;
  private final Predicate<Commit> deadly;
  private final Runnable death;

  DyingProducers(int times, String shuffle, Predicate<Commit> deadly) {
    this(
        times,
        shuffle,
        deadly,
        () -> {
          throw new IllegalStateException("killed by the test, before the commit");
        });
  }

  DyingProducers(int times, String shuffle, Predicate<Commit> deadly, Runnable death) {
    this.left = new AtomicInteger(times);
    this.shuffle = shuffle;
    this.deadly = deadly;
    this.death = death;
  }

  PipelineStreams.Seams seams() {
    return seams(Share.CHUNK);
  }

  PipelineStreams.Seams seams(int chunk) {
    return new PipelineStreams.Seams(Clients::new, chunk);
  }

  int happened() {
    return happened.get();
  }

  private void about(Commit commit) {
    if (deadly.test(commit) && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      happened.incrementAndGet();
      death.run();
    }
  }

  private final class Clients implements KafkaClientSupplier {
    private final KafkaClientSupplier usual;

    Clients(KafkaClientSupplier usual) {
      this.usual = usual;
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
      return usual.getAdmin(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
      return new DyingProducer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
      return usual.getConsumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
      return usual.getRestoreConsumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
      return usual.getGlobalConsumer(config);
    }
  }

  private final class DyingProducer extends KafkaProducer<byte[], byte[]> {
    private final Map<String, Integer> sent = new HashMap<>();
    private int partials;

    DyingProducer(Map<String, Object> config) {
      super(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public void beginTransaction() {
      sent.clear();
      partials = 0;
      super.beginTransaction();
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
      sent.merge(record.topic(), 1, Integer::sum);
      if (record.topic().equals(shuffle)
          && !(MessageSerdes.shuffle().deserializer().deserialize("", record.value())
              instanceof ShuffleMessage.Marks)) {
        partials++;
      }
      return super.send(record, callback);
    }

    @Override
    public void sendOffsetsToTransaction(
        Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
      flush(); // what was sent is with the broker: only the transaction is missing
      about(new Commit(Map.copyOf(sent), partials, offsets));
      super.sendOffsetsToTransaction(offsets, group);
    }
  }
}
