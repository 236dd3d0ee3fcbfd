package dev.tidemill.schema;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.CloseReason;
import dev.tidemill.batch.EndOfShare;
import dev.tidemill.batch.GatePart;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/** The end marks in the results topic, and on their way to the owner. */
public final class EndOfShareCodec extends RecordCodec<EndOfShare> {
  private static final Schema SCHEMA = Schemas.own("end-of-share.avsc");

  private EndOfShareCodec(Registry registry, String subject) {
    super(SCHEMA, registry, subject);
  }

  public static EndOfShareCodec register(Registry registry, String subject) {
    return new EndOfShareCodec(registry, subject);
  }

  @Override
  protected GenericRecord toAvro(EndOfShare end) {
    return AvroRecord.of(SCHEMA)
        .put("batch_start", end.batch().start())
        .put("batch_end", end.batch().end())
        .put("share", end.share())
        .put("attempt", end.attempt())
        .put("reason", end.reason())
        .put("merged", end.merged())
        .put("checksum", end.checksum())
        .put("rows", end.rows())
        .put("failure", end.failure())
        .put("gates", end.gates().bytes())
        .put("queries", new TreeMap<>(end.queries()))
        .record();
  }

  @Override
  protected EndOfShare fromAvro(GenericRecord record) {
    AvroRecord avro = new AvroRecord(record);
    return new EndOfShare(
        new Batch(avro.instant("batch_start"), avro.instant("batch_end")),
        avro.integer("share"),
        avro.integer("attempt"),
        CloseReason.valueOf(avro.text("reason")),
        avro.number("merged"),
        avro.number("checksum"),
        avro.number("rows"),
        avro.text("failure"),
        new GatePart(avro.bytes("gates").orElseThrow()),
        Map.of(), // what joins found goes to the owner alone
        LedgerCodec.counts((Map<?, ?>) avro.get("queries")));
  }
}
