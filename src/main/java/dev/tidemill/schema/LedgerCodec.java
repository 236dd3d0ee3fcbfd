package dev.tidemill.schema;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.Books;
import dev.tidemill.batch.CloseReason;
import dev.tidemill.batch.EarlyResult;
import dev.tidemill.batch.GatePart;
import dev.tidemill.batch.JoinCount;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.LedgerEntry.Share;
import dev.tidemill.batch.SourceSpan;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/** The values of the ledger topic. Times have ms; what is finer is floored. */
public final class LedgerCodec extends RecordCodec<LedgerEntry> {
  private static final Schema SCHEMA = Schemas.own("ledger-entry.avsc");
  private static final Schema BOOKS = SCHEMA.getField("books").schema();
  private static final Schema SPAN = SCHEMA.getField("spans").schema().getElementType();
  private static final Schema SHARE = SCHEMA.getField("shares").schema().getElementType();

  private static final Schema JOIN = SPAN.getField("joins").schema().getValueType();

  private static final QuarantineRecord QUARANTINE =
      new QuarantineRecord(SCHEMA.getField("quarantine").schema());

  private static final Schema EARLY = SCHEMA.getField("early").schema().getTypes().get(1);

  private LedgerCodec(Registry registry, String subject) {
    super(SCHEMA, registry, subject);
  }

  private LedgerCodec(Registry registry) {
    super(SCHEMA, registry);
  }

  public static LedgerCodec register(Registry registry, String subject) {
    return new LedgerCodec(registry, subject);
  }

  /** For whoever only reads: it registers nothing. */
  public static LedgerCodec reading(Registry registry) {
    return new LedgerCodec(registry);
  }

  @Override
  protected GenericRecord toAvro(LedgerEntry entry) {
    return AvroRecord.of(SCHEMA)
        .put("pipeline", entry.pipeline())
        .put("batch_start", entry.batch().start())
        .put("batch_end", entry.batch().end())
        .put("attempt", entry.attempt())
        .put("state", entry.state())
        .put("close_reason", entry.closeReason().orElse(null))
        .put("books", books(entry.books()))
        .put("spans", entry.spans().stream().map(LedgerCodec::span).toList())
        .put("shares", entry.shares().stream().map(LedgerCodec::share).toList())
        .put("loaded", new TreeMap<>(entry.loaded()))
        .put("updated_at", entry.updatedAt())
        .put("note", entry.note())
        .put("quarantine", QUARANTINE.toAvro(entry.quarantine()))
        .put("early", entry.early().map(LedgerCodec::early).orElse(null))
        .record();
  }

  private static GenericRecord early(EarlyResult early) {
    return AvroRecord.of(EARLY)
        .put("shares", early.shares().stream().map(LedgerCodec::share).toList())
        .put("at", early.at())
        .record();
  }

  private static GenericRecord books(Books books) {
    return AvroRecord.of(BOOKS)
        .put("read", books.read())
        .put("accepted", books.accepted())
        .put("filtered", books.filtered())
        .put("rejected", books.rejected())
        .put("duplicate", books.duplicate())
        .put("late", books.late())
        .put("amended", books.amended())
        .put("carried", books.carried())
        .put("carried_in", books.carriedIn())
        .record();
  }

  private static GenericRecord span(SourceSpan span) {
    return AvroRecord.of(SPAN)
        .put("topic", span.topic())
        .put("partition", span.partition())
        .put("first_offset", span.firstOffset())
        .put("last_offset", span.lastOffset())
        .put("clock_before", span.clockBefore())
        .put("books", books(span.books()))
        .put("checksum", span.checksum())
        .put("warned", new TreeMap<>(span.warned()))
        .put("joins", joins(span.joins()))
        .record();
  }

  private static GenericRecord share(Share share) {
    return AvroRecord.of(SHARE)
        .put("attempt", share.attempt())
        .put("merged", share.merged())
        .put("checksum", share.checksum())
        .put("rows", share.rows())
        .put("gates", share.gates().bytes())
        .put("joins", joins(share.joins()))
        .put("queries", new TreeMap<>(share.queries()))
        .record();
  }

  private static Map<String, GenericRecord> joins(Map<String, JoinCount> joins) {
    Map<String, GenericRecord> avro = new TreeMap<>();
    joins.forEach(
        (join, count) ->
            avro.put(
                join,
                AvroRecord.of(JOIN)
                    .put("hits", count.hits())
                    .put("misses", count.misses())
                    .put("waited_out", count.waitedOut())
                    .record()));
    return avro;
  }

  @Override
  protected LedgerEntry fromAvro(GenericRecord record) {
    AvroRecord avro = new AvroRecord(record);
    return new LedgerEntry(
        avro.text("pipeline"),
        new Batch(avro.instant("batch_start"), avro.instant("batch_end")),
        avro.integer("attempt"),
        BatchState.valueOf(avro.text("state")),
        Optional.ofNullable(avro.get("close_reason")).map(r -> CloseReason.valueOf(r.toString())),
        books(avro.nested("books")),
        avro.list("spans").stream().map(LedgerCodec::span).toList(),
        avro.list("shares").stream().map(LedgerCodec::share).toList(),
        counts((Map<?, ?>) avro.get("loaded")),
        avro.instant("updated_at"),
        avro.text("note"),
        QuarantineRecord.fromAvro(avro),
        Optional.ofNullable((GenericRecord) avro.get("early"))
            .map(early -> early(new AvroRecord(early))));
  }

  private static EarlyResult early(AvroRecord avro) {
    return new EarlyResult(
        avro.list("shares").stream().map(LedgerCodec::share).toList(), avro.instant("at"));
  }

  private static Books books(AvroRecord avro) {
    return new Books(
        avro.number("read"),
        avro.number("accepted"),
        avro.number("filtered"),
        avro.number("rejected"),
        avro.number("duplicate"),
        avro.number("late"),
        avro.number("amended"),
        avro.number("carried"),
        avro.number("carried_in"));
  }

  private static SourceSpan span(AvroRecord avro) {
    return new SourceSpan(
        avro.text("topic"),
        avro.integer("partition"),
        avro.number("first_offset"),
        avro.number("last_offset"),
        avro.number("clock_before"),
        books(avro.nested("books")),
        avro.number("checksum"),
        counts((Map<?, ?>) avro.get("warned")),
        joins(avro));
  }

  private static Share share(AvroRecord avro) {
    return new Share(
        avro.integer("attempt"),
        avro.number("merged"),
        avro.number("checksum"),
        avro.number("rows"),
        new GatePart(avro.bytes("gates").orElseThrow()),
        joins(avro),
        counts((Map<?, ?>) avro.get("queries")));
  }

  private static Map<String, JoinCount> joins(AvroRecord avro) {
    Map<String, JoinCount> joins = new TreeMap<>();
    ((Map<?, ?>) avro.get("joins"))
        .forEach(
            (join, count) -> {
              AvroRecord counts = new AvroRecord((GenericRecord) count);
              joins.put(
                  join.toString(),
                  new JoinCount(
                      counts.number("hits"), counts.number("misses"), counts.number("waited_out")));
            });
    return joins;
  }

  static Map<String, Long> counts(Map<?, ?> avro) {
    return avro.entrySet().stream()
        .collect(Collectors.toMap(e -> e.getKey().toString(), e -> (Long) e.getValue()));
  }
}
