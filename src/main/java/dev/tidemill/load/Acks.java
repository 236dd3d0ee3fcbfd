package dev.tidemill.load;

import dev.tidemill.batch.Ack;
import dev.tidemill.batch.CrashPoint;
import dev.tidemill.schema.RecordCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/** Tells the owner what is published. An ack that is told twice does no harm. Not thread-safe. */
final class Acks implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 35; // a little more than delivery.timeout.ms

  private final Producer<String, byte[]> producer;
  private final String topic;
  private final RecordCodec<Ack> codec;
  private final List<Future<RecordMetadata>> sent = new ArrayList<>();

  Acks(Producer<String, byte[]> producer, String topic, RecordCodec<Ack> codec) {
    this.producer = producer;
    this.topic = topic;
    this.codec = codec;
  }

  void send(Ack ack) {
    CrashPoint.BEFORE_ACK.reached();
    sent.add(producer.send(new ProducerRecord<>(topic, ack.target(), codec.encode(ack))));
  }

  /**
   * Waits until everything that was sent is there.
   *
   * @throws KafkaException if it is not: the batches are to be acknowledged again
   */
  void await() {
    try {
      for (Future<RecordMetadata> each : sent) {
        each.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
      sent.clear();
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("acks could not be written to " + topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while writing acks to " + topic, e);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }
}
