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
 * A topic of orders by customer, written once and read by every run.
 *
 * @param expected what must come out of it
 */
record OrderLog(LogInfo info, Outcome expected) {
  private static final int PARTITIONS = 4;
  private static final Duration BEYOND = Duration.ofHours(2);

  static OrderLog write(BrokerProcess broker, String topic, long orders) throws IOException {
    Topics.create(broker.brokers(), topic, PARTITIONS);
    OrderGenerator generator = new OrderGenerator(orders, schemaId(broker, topic));
    Instant last = generator.end().plus(BEYOND);
    try (var producer = producer(broker)) {
      while (generator.hasNext()) {
        byte[] value = generator.next();
        producer.send(new ProducerRecord<>(topic, key(generator.customer()), value));
      }
      for (int partition = 0; partition < PARTITIONS; partition++) {
        byte[] value = generator.sentinel(last);
        producer.send(new ProducerRecord<>(topic, partition, key(generator.customer()), value));
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
    return new OrderLog(info, generator.expected());
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
