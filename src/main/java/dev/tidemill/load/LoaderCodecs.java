package dev.tidemill.load;

import static java.util.Objects.requireNonNull;

import dev.tidemill.batch.Ack;
import dev.tidemill.batch.EndOfShare;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.definition.Topics;
import dev.tidemill.schema.AckCodec;
import dev.tidemill.schema.AvroRowDecoder;
import dev.tidemill.schema.EndOfShareCodec;
import dev.tidemill.schema.LedgerCodec;
import dev.tidemill.schema.RecordCodec;
import dev.tidemill.schema.Registry;
import dev.tidemill.schema.RowDecoder;
import dev.tidemill.schema.Schemas;
import dev.tidemill.sql.Output;
import org.apache.avro.Schema;

/**
 * The formats that a loader reads and writes.
 *
 * @param rows of the results topic; no other thread may use it
 * @param output the rows among these that the target takes
 * @param ends of the results topic: values of records with the end-of-share header
 */
public record LoaderCodecs(
    RowDecoder rows,
    Output output,
    RecordCodec<EndOfShare> ends,
    RecordCodec<LedgerEntry> ledger,
    RecordCodec<Ack> acks) {

  public LoaderCodecs {
    requireNonNull(rows, "rows");
    requireNonNull(output, "output");
    requireNonNull(ends, "ends");
    requireNonNull(ledger, "ledger");
    requireNonNull(acks, "acks");
  }

  /**
   * The formats of a pipeline's own topics.
   *
   * @param result the columns of all rows
   * @param output the rows that the target takes
   */
  public static LoaderCodecs register(
      Registry registry, Topics topics, Schema result, Output output) {
    return new LoaderCodecs(
        new AvroRowDecoder(result, registry),
        output,
        EndOfShareCodec.register(registry, topics.endOfShareSubject()),
        LedgerCodec.register(registry, Schemas.valueSubject(topics.ledger())),
        AckCodec.register(registry, Schemas.valueSubject(topics.acks())));
  }
}
