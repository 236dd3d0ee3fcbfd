package dev.tidemill.schema;

import dev.tidemill.batch.Expected;
import dev.tidemill.batch.PartitionRead;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/** The counts of source partitions, which share the ledger topic with its entries. */
public final class PartitionReadCodec extends RecordCodec<PartitionRead> {
  private static final Schema SCHEMA = Schemas.own("partition-read.avsc");

  private PartitionReadCodec(Registry registry, String subject) {
    super(SCHEMA, registry, subject);
  }

  private PartitionReadCodec(Registry registry) {
    super(SCHEMA, registry);
  }

  public static PartitionReadCodec register(Registry registry, String subject) {
    return new PartitionReadCodec(registry, subject);
  }

  /** For whoever only reads: it registers nothing. */
  public static PartitionReadCodec reading(Registry registry) {
    return new PartitionReadCodec(registry);
  }

  @Override
  protected GenericRecord toAvro(PartitionRead count) {
    return AvroRecord.of(SCHEMA)
        .put("topic", count.topic())
        .put("partition", count.partition())
        .put("read", count.read())
        .put("without_batch", count.withoutBatch())
        .put("extracted", count.extracted())
        .put("missing", count.missing())
        .put("expected", count.expected().rows())
        .put("unconfirmed", count.expected().unconfirmed())
        .record();
  }

  @Override
  protected PartitionRead fromAvro(GenericRecord record) {
    AvroRecord avro = new AvroRecord(record);
    return new PartitionRead(
        avro.text("topic"),
        avro.integer("partition"),
        avro.number("read"),
        avro.number("without_batch"),
        avro.number("extracted"),
        avro.number("missing"),
        new Expected(avro.number("expected"), avro.number("unconfirmed")));
  }
}
