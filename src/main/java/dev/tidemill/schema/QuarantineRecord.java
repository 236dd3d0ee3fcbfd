package dev.tidemill.schema;

import dev.tidemill.batch.Breach;
import dev.tidemill.batch.Quarantine;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/** A quarantine inside a record of the ledger. */
final class QuarantineRecord {
  private final Schema schema;
  private final Schema breach;

  /**
   * @param nullable of the field that holds it
   */
  QuarantineRecord(Schema nullable) {
    this.schema = nullable.getTypes().get(1);
    this.breach = schema.getField("breaches").schema().getElementType();
  }

  GenericRecord toAvro(Optional<Quarantine> quarantine) {
    return quarantine.map(this::record).orElse(null);
  }

  private GenericRecord record(Quarantine quarantine) {
    return AvroRecord.of(schema)
        .put("breaches", quarantine.breaches().stream().map(this::record).toList())
        .put(
            "release",
            ReleaseRecord.toAvro(quarantine.release(), schema.getField("release").schema()))
        .record();
  }

  private GenericRecord record(Breach of) {
    return AvroRecord.of(breach)
        .put("gate", of.gate())
        .put("rule", of.rule())
        .put("reason", of.reason())
        .put("samples", of.samples())
        .record();
  }

  static Optional<Quarantine> fromAvro(AvroRecord entry) {
    if (entry.get("quarantine") == null) {
      return Optional.empty();
    }
    AvroRecord quarantine = entry.nested("quarantine");
    return Optional.of(
        new Quarantine(
            quarantine.list("breaches").stream().map(QuarantineRecord::breach).toList(),
            ReleaseRecord.fromAvro(quarantine, "release")));
  }

  private static Breach breach(AvroRecord avro) {
    List<String> samples = ((List<?>) avro.get("samples")).stream().map(Object::toString).toList();
    return new Breach(avro.text("gate"), avro.text("rule"), avro.text("reason"), samples);
  }
}
