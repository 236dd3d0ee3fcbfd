package dev.tidemill.schema;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * Between the records of one of our own topics and Avro in Confluent's wire format. Reads what
 * other releases wrote, by Avro's schema resolution. Thread-safe.
 *
 * @param <T> an immutable value
 */
public abstract class RecordCodec<T> {
  private final Schema schema;
  private final Registry registry;
  private final Optional<byte[]> header;
  private final GenericDatumWriter<GenericRecord> writer;
  private final Map<Integer, Schema> writers = new ConcurrentHashMap<>();

  /** Avro resolves two schemas in the first record that a reader reads; it is for one thread. */
  private final ThreadLocal<Map<Schema, GenericDatumReader<GenericRecord>>> readers =
      ThreadLocal.withInitial(IdentityHashMap::new);

  /** Registers the schema under {@code subject}. */
  protected RecordCodec(Schema schema, Registry registry, String subject) {
    this.schema = schema;
    this.registry = registry;
    this.writer = new GenericDatumWriter<>(schema);
    int id = registry.register(subject, schema);
    this.header = Optional.of(WireFormat.header(id));
    writers.put(id, schema);
  }

  /** Only decodes, and registers nothing. */
  protected RecordCodec(Schema schema, Registry registry) {
    this.schema = schema;
    this.registry = registry;
    this.writer = new GenericDatumWriter<>(schema);
    this.header = Optional.empty();
  }

  protected abstract GenericRecord toAvro(T value);

  /** May throw {@link IllegalArgumentException} or {@link DateTimeException}: not a value of T. */
  protected abstract T fromAvro(GenericRecord avro);

  public final Schema schema() {
    return schema;
  }

  /**
   * @throws IllegalStateException if this codec only decodes
   */
  public final byte[] encode(T value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    bytes.writeBytes(
        header.orElseThrow(() -> new IllegalStateException("this codec only decodes")));
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    try {
      writer.write(toAvro(value), encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("into memory", e);
    }
    return bytes.toByteArray();
  }

  /**
   * @throws DecodeException if the bytes are not such a record; somebody else writes to the topic
   * @throws RegistryUnavailableException if the writer's schema can not be asked for
   */
  public final T decode(byte[] bytes) throws DecodeException {
    Schema written = writtenAs(WireFormat.id(bytes));
    AvroInput in = new AvroInput();
    in.reset(bytes, WireFormat.HEADER_BYTES);
    SchemaSkipper.skip(written, in);
    if (in.remaining() > 0) {
      throw new DecodeException(in.remaining() + " bytes are left behind the record");
    }
    int length = bytes.length - WireFormat.HEADER_BYTES;
    try {
      return fromAvro(
          readers
              .get()
              .computeIfAbsent(written, w -> new GenericDatumReader<>(w, schema, new GenericData()))
              .read(
                  null,
                  DecoderFactory.get()
                      .binaryDecoder(bytes, WireFormat.HEADER_BYTES, length, null)));
    } catch (IOException | AvroRuntimeException | IllegalArgumentException | DateTimeException e) {
      throw new DecodeException("not a " + schema.getFullName() + ": " + e.getMessage());
    }
  }

  private Schema writtenAs(int id) throws DecodeException {
    Schema written = writers.get(id);
    if (written == null) {
      written = registry.byId(id);
      writers.put(id, written);
    }
    return written;
  }
}
