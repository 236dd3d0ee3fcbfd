package dev.tidemill.load;

import static java.util.Objects.requireNonNull;

import dev.tidemill.batch.Ack;
import dev.tidemill.batch.EndOfShare;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.schema.RecordCodec;
import dev.tidemill.schema.RowDecoder;

/**
 * The formats that a loader reads and writes.
 *
 * @param rows of the results topic; no other thread may use it
 * @param ends of the results topic: values of records with the end-of-share header
 */
public record LoaderCodecs(
    RowDecoder rows,
    RecordCodec<EndOfShare> ends,
    RecordCodec<LedgerEntry> ledger,
    RecordCodec<Ack> acks) {

  public LoaderCodecs {
    requireNonNull(rows, "rows");
    requireNonNull(ends, "ends");
    requireNonNull(ledger, "ledger");
    requireNonNull(acks, "acks");
  }
}
