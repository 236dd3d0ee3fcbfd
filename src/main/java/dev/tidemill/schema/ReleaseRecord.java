package dev.tidemill.schema;

import dev.tidemill.batch.Release;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/** A release inside the records of acks and ledger. */
final class ReleaseRecord {
  private ReleaseRecord() {}

  /**
   * @param nullable of the field that holds it
   */
  static GenericRecord toAvro(Optional<Release> release, Schema nullable) {
    return release
        .map(
            r ->
                AvroRecord.of(nullable.getTypes().get(1))
                    .put("by", r.by())
                    .put("at", r.at())
                    .put("reason", r.reason())
                    .record())
        .orElse(null);
  }

  static Optional<Release> fromAvro(AvroRecord holder, String field) {
    return holder.get(field) == null
        ? Optional.empty()
        : Optional.of(holder.nested(field))
            .map(r -> new Release(r.text("by"), r.instant("at"), r.text("reason")));
  }
}
