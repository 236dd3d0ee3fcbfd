package dev.tidemill.bench;

import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.Registry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Avro's own generic reader behind the wire format, as most programs have it. Thread-safe: Streams
 * shares it.
 */
final class OrderDecoder implements Deserializer<GenericRecord> {
  private static final int HEADER_BYTES = 5;

  private final Registry registry;
  private final Map<Integer, GenericDatumReader<GenericRecord>> readers = new ConcurrentHashMap<>();
  private final ThreadLocal<BinaryDecoder> decoders = new ThreadLocal<>();

  OrderDecoder(Registry registry) {
    this.registry = registry;
  }

  @Override
  public GenericRecord deserialize(String topic, byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (buffer.get() != 0) {
      throw new SerializationException("no schema id in front");
    }
    var reader = readers.computeIfAbsent(buffer.getInt(), this::reader);
    BinaryDecoder decoder =
        DecoderFactory.get()
            .binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, decoders.get());
    decoders.set(decoder);
    try {
      return reader.read(null, decoder);
    } catch (IOException e) {
      throw new SerializationException(e);
    }
  }

  private GenericDatumReader<GenericRecord> reader(int id) {
    try {
      return new GenericDatumReader<>(registry.byId(id), Order.SCHEMA);
    } catch (DecodeException e) {
      throw new SerializationException(e);
    }
  }
}
