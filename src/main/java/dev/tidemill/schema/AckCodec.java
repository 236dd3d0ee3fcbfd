package dev.tidemill.schema;

import dev.tidemill.batch.Ack;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/** The values of the acks topic. */
public final class AckCodec extends RecordCodec<Ack> {
  private static final Schema SCHEMA = Schemas.own("ack.avsc");

  private AckCodec(Registry registry, String subject) {
    super(SCHEMA, registry, subject);
  }

  public static AckCodec register(Registry registry, String subject) {
    return new AckCodec(registry, subject);
  }

  @Override
  protected GenericRecord toAvro(Ack ack) {
    return AvroRecord.of(SCHEMA)
        .put("target", ack.target())
        .put("batch_start", ack.batchStart())
        .put("attempt", ack.attempt())
        .put("rows", ack.rows())
        .put("refusal", ack.refusal())
        .put("release", ReleaseRecord.toAvro(ack.release(), SCHEMA.getField("release").schema()))
        .record();
  }

  @Override
  protected Ack fromAvro(GenericRecord record) {
    AvroRecord avro = new AvroRecord(record);
    return new Ack(
        avro.text("target"),
        avro.instant("batch_start"),
        avro.integer("attempt"),
        avro.number("rows"),
        avro.text("refusal"),
        ReleaseRecord.fromAvro(avro, "release"));
  }
}
