package dev.tidemill.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A topic to which orders are written hour by hour. */
final class LiveOrders implements AutoCloseable {
  static final int PAID_PER_HOUR = 400;
  private static final int PARTITIONS = 4;
  private static final Instant BEGIN = Instant.parse("2026-01-05T00:00:00Z");

  private final String topic;
  private final KafkaProducer<byte[], byte[]> producer;
  private final OrderGenerator generator;

  LiveOrders(BrokerProcess broker, String topic) throws IOException {
    this.topic = topic;
    Topics.create(broker.brokers(), topic, PARTITIONS);
    this.generator = new OrderGenerator(0, 0, OrderLog.schemaId(broker, topic));
    this.producer = OrderLog.producer(broker);
  }

  Instant start(int hour) {
    return BEGIN.plus(Order.WINDOW.multipliedBy(hour));
  }

  /** Writes the orders of an hour, but for those that {@link #close} has written. */
  void fill(int hour) {
    for (int i = PARTITIONS; i < PAID_PER_HOUR; i++) {
      send(hour, i);
    }
    producer.flush();
  }

  /**
   * Closes an hour with the next one's first orders: one in each partition, past the grace.
   *
   * @return when they were about to be sent, as of {@link System#nanoTime}
   */
  long close(int hour) {
    long now = System.nanoTime();
    for (int i = 0; i < PARTITIONS; i++) {
      send(hour + 1, i);
    }
    producer.flush();
    return now;
  }

  private void send(int hour, int customer) {
    Instant time = start(hour).plus(Order.GRACE).plus(Duration.ofMinutes(1));
    byte[] order = generator.paid(customer, time);
    producer.send(
        new ProducerRecord<>(topic, customer % PARTITIONS, OrderLog.key(customer), order));
  }

  @Override
  public void close() {
    producer.close();
  }
}
