package dev.tidemill.bench;

import dev.tidemill.schema.ConfluentRegistry;
import dev.tidemill.schema.Schemas;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A topic with a row for each of a million products, whose factor is 1. */
final class ProductTable {
  static final String TOPIC = "products";
  private static final int ROWS = 1_000_000;
  private static final int PARTITIONS = 4;
  private static final Schema SCHEMA = Schemas.load(Order.FOLDER.resolve("product.avsc"));

  private ProductTable() {}

  static void write(BrokerProcess broker) throws IOException {
    Topics.create(broker.brokers(), TOPIC, PARTITIONS);
    byte[] header = ByteBuffer.allocate(5).put((byte) 0).putInt(schemaId(broker)).array();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    try (var producer = OrderLog.producer(broker)) {
      for (long product = 0; product < ROWS; product++) {
        bytes.reset();
        bytes.writeBytes(header);
        encoder.writeLong(product);
        encoder.writeString("product %d of the large catalog".formatted(product));
        encoder.writeDouble(1);
        encoder.flush();
        producer.send(new ProducerRecord<>(TOPIC, OrderLog.key(product), bytes.toByteArray()));
      }
    }
  }

  private static int schemaId(BrokerProcess broker) throws IOException {
    try (ConfluentRegistry registry = new ConfluentRegistry(broker.registry())) {
      return registry.register(Schemas.valueSubject(TOPIC), SCHEMA);
    }
  }
}
