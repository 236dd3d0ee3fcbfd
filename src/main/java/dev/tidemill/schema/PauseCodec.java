package dev.tidemill.schema;

import dev.tidemill.batch.Pause;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/** The pauses of a pipeline, which share the ledger topic with its entries. */
public final class PauseCodec extends RecordCodec<Pause> {
  private static final Schema SCHEMA = Schemas.own("pause.avsc");
  private static final Schema SAMPLE = SCHEMA.getField("samples").schema().getElementType();

  private PauseCodec(Registry registry, String subject) {
    super(SCHEMA, registry, subject);
  }

  private PauseCodec(Registry registry) {
    super(SCHEMA, registry);
  }

  public static PauseCodec register(Registry registry, String subject) {
    return new PauseCodec(registry, subject);
  }

  /** For whoever only reads: it registers nothing. */
  public static PauseCodec reading(Registry registry) {
    return new PauseCodec(registry);
  }

  @Override
  protected GenericRecord toAvro(Pause pause) {
    return AvroRecord.of(SCHEMA)
        .put("topic", pause.topic())
        .put("partition", pause.partition())
        .put("offset", pause.offset())
        .put("read", pause.read())
        .put("at", pause.at())
        .put("reason", pause.reason())
        .put("samples", pause.samples().stream().map(PauseCodec::sample).toList())
        .record();
  }

  private static GenericRecord sample(Pause.Sample sample) {
    return AvroRecord.of(SAMPLE)
        .put("count", sample.count())
        .put("offset", sample.offset())
        .put("reason", sample.reason())
        .put("value", sample.value())
        .record();
  }

  @Override
  protected Pause fromAvro(GenericRecord record) {
    AvroRecord avro = new AvroRecord(record);
    return new Pause(
        avro.text("topic"),
        avro.integer("partition"),
        avro.number("offset"),
        avro.number("read"),
        avro.instant("at"),
        avro.text("reason"),
        avro.list("samples").stream().map(PauseCodec::sample).toList());
  }

  private static Pause.Sample sample(AvroRecord avro) {
    return new Pause.Sample(
        avro.number("count"), avro.number("offset"), avro.text("reason"), avro.text("value"));
  }
}
