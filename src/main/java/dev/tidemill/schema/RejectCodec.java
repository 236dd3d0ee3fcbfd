package dev.tidemill.schema;

import dev.tidemill.schema.Reject.Cut;
import dev.tidemill.schema.Reject.RejectHeader;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/**
 * The values of the rejects topic. What would not fit into a record is cut on encoding, and says so
 * (rule 13): a reject never fails the producer that sends it.
 */
public final class RejectCodec extends RecordCodec<Reject> {
  /** Leaves room below the producer's default {@code max.request.size} of 1 MiB. */
  public static final int DEFAULT_MAX_BYTES = 900 * 1024;

  private static final Schema SCHEMA = Schemas.own("reject.avsc");
  private static final Schema HEADER = SCHEMA.getField("headers").schema().getElementType();

  private final RejectLimit limit;

  private RejectCodec(Registry registry, String subject, RejectLimit limit) {
    super(SCHEMA, registry, subject);
    this.limit = limit;
  }

  public static RejectCodec register(Registry registry, String subject) {
    return register(registry, subject, DEFAULT_MAX_BYTES);
  }

  /**
   * @param maxBytes of key, value, headers and reason together
   */
  public static RejectCodec register(Registry registry, String subject, int maxBytes) {
    return new RejectCodec(registry, subject, new RejectLimit(maxBytes));
  }

  @Override
  protected GenericRecord toAvro(Reject whole) {
    Reject reject = limit.apply(whole);
    return AvroRecord.of(SCHEMA)
        .put("topic", reject.topic())
        .put("partition", reject.partition())
        .put("offset", reject.offset())
        .put("timestamp", reject.timestamp())
        .put("step", reject.step())
        .put("reason", reject.reason())
        .put("batch_start", reject.batch().orElse(null))
        .put("key", reject.key().orElse(null))
        .put("value", reject.value().orElse(null))
        .put("headers", reject.headers().stream().map(RejectCodec::header).toList())
        .put("key_bytes", reject.keyCut().map(Cut::bytes).orElse(null))
        .put("key_sha256", reject.keyCut().map(Cut::sha256).orElse(null))
        .put("value_bytes", reject.valueCut().map(Cut::bytes).orElse(null))
        .put("value_sha256", reject.valueCut().map(Cut::sha256).orElse(null))
        .put("dropped_headers", reject.droppedHeaders())
        .record();
  }

  private static GenericRecord header(RejectHeader header) {
    return AvroRecord.of(HEADER)
        .put("name", header.name())
        .put("value", header.value().orElse(null))
        .record();
  }

  @Override
  protected Reject fromAvro(GenericRecord record) {
    AvroRecord avro = new AvroRecord(record);
    return new Reject(
        avro.text("topic"),
        avro.integer("partition"),
        avro.number("offset"),
        avro.number("timestamp"),
        avro.text("step"),
        avro.text("reason"),
        Optional.ofNullable(avro.get("batch_start")).map(batch -> avro.instant("batch_start")),
        avro.bytes("key"),
        avro.bytes("value"),
        avro.list("headers").stream()
            .map(header -> new RejectHeader(header.text("name"), header.bytes("value")))
            .toList(),
        cut(avro, "key"),
        cut(avro, "value"),
        avro.integer("dropped_headers"));
  }

  private static Optional<Cut> cut(AvroRecord avro, String part) {
    return Optional.ofNullable(avro.get(part + "_bytes"))
        .map(bytes -> new Cut((Long) bytes, avro.text(part + "_sha256")));
  }
}
