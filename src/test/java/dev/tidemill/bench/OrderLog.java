package dev.tidemill.bench;

import dev.tidemill.schema.ConfluentRegistry;
import dev.tidemill.schema.Schemas;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A topic of orders, written once and read by every run.
 *
 * @param expected what must come out of it, per hour and customer
 * @param expectedDistinct what must come out of {@link Statement#DISTINCT_MILLION_VALUES}
 */
record OrderLog(LogInfo info, Outcome expected, Outcome expectedDistinct) {
  private static final int PARTITIONS = 4;
  private static final Duration BEYOND = Duration.ofHours(2);

  /** By customer. */
  static OrderLog write(BrokerProcess broker, String topic, long orders) throws IOException {
    return write(broker, topic, new OrderGenerator(orders, 0, schemaId(broker, topic)), orders);
  }

  /** With 90 of 100 orders by one customer; without keys, so that the log itself is even. */
  static OrderLog writeHot(BrokerProcess broker, String topic, long orders) throws IOException {
    return write(broker, topic, new OrderGenerator(orders, 90, schemaId(broker, topic)), orders);
  }

  private static OrderLog write(
      BrokerProcess broker, String topic, OrderGenerator generator, long orders) {
    Topics.create(broker.brokers(), topic, PARTITIONS);
    Instant last = generator.end().plus(BEYOND);
    try (var producer = producer(broker)) {
      while (generator.hasNext()) {
        byte[] value = generator.next();
        producer.send(new ProducerRecord<>(topic, generator.key(), value));
      }
      for (int partition = 0; partition < PARTITIONS; partition++) {
        byte[] value = generator.sentinel(last);
        producer.send(new ProducerRecord<>(topic, partition, generator.key(), value));
      }
    }
    LogInfo info =
        new LogInfo(
            topic,
            orders,
            Topics.ends(broker.brokers(), topic, PARTITIONS),
            generator.end().toEpochMilli(),
            last.toEpochMilli());
    if (info.records() != orders + PARTITIONS) {
      throw new IllegalStateException("not all of the orders are written: " + info);
    }
    return new OrderLog(
        info, generator.expected(), generator.expectedDistinct(last.minus(Order.GRACE)));
  }

  static int schemaId(BrokerProcess broker, String topic) throws IOException {
    try (ConfluentRegistry registry = new ConfluentRegistry(broker.registry())) {
      return registry.register(Schemas.valueSubject(topic), Order.SCHEMA);
    }
  }

  static byte[] key(long customer) {
    return ByteBuffer.allocate(Long.BYTES).putLong(customer).array();
  }

  static KafkaProducer<byte[], byte[]> producer(BrokerProcess broker) {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            broker.brokers(),
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "lz4",
            ProducerConfig.LINGER_MS_CONFIG,
            20,
            ProducerConfig.BATCH_SIZE_CONFIG,
            256 * 1024),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
