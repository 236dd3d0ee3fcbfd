package dev.tidemill.load;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.Books;
import dev.tidemill.batch.CloseReason;
import dev.tidemill.batch.EndOfShare;
import dev.tidemill.batch.GatePart;
import dev.tidemill.batch.LedgerEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/** What tests of this package start from. */
final class Given {
  static final Batch DAY =
      new Batch(Instant.parse("2024-03-10T05:00:00Z"), Instant.parse("2024-03-11T04:00:00Z"));
  static final Batch NEXT_DAY = new Batch(DAY.end(), Instant.parse("2024-03-12T04:00:00Z"));
  static final String LOG = "log-1";

  static final Schema STATES =
      schema("{'name': 'state', 'type': 'string'}, {'name': 'departures', 'type': 'long'}");

  private Given() {}

  static Schema schema(String fields) {
    return new Schema.Parser()
        .parse(
            ("{'type': 'record', 'name': 'Result', 'fields': [" + fields + "]}")
                .replace('\'', '"'));
  }

  static Object[] row(Object... values) {
    return values;
  }

  static LedgerEntry.Share share(int attempt, long rows) {
    return new LedgerEntry.Share(attempt, rows, rows, rows);
  }

  /** A share whose rows are those of several statements. */
  static LedgerEntry.Share share(int attempt, Map<String, Long> queries) {
    long rows = rows(queries);
    return new LedgerEntry.Share(attempt, rows, rows, rows, GatePart.NONE, Map.of(), queries);
  }

  private static long rows(Map<String, Long> queries) {
    return queries.values().stream().mapToLong(Long::longValue).sum();
  }

  static LedgerEntry entry(
      BatchState state, Batch batch, int attempt, LedgerEntry.Share... shares) {
    long merged = List.of(shares).stream().mapToLong(LedgerEntry.Share::merged).sum();
    return new LedgerEntry(
        "departures",
        batch,
        attempt,
        state,
        Optional.of(CloseReason.CLOCK),
        new Books(merged, merged, 0, 0, 0, 0, 0),
        List.of(),
        List.of(shares),
        Map.of(),
        batch.end(),
        "");
  }

  static LedgerEntry ready(Batch batch, int attempt, LedgerEntry.Share... shares) {
    return entry(BatchState.READY, batch, attempt, shares);
  }

  static EndOfShare end(Batch batch, int share, int attempt, long rows) {
    return new EndOfShare(batch, share, attempt, CloseReason.CLOCK, rows, rows, rows, "");
  }

  static EndOfShare end(Batch batch, int share, int attempt, Map<String, Long> queries) {
    long rows = rows(queries);
    return new EndOfShare(
        batch,
        share,
        attempt,
        CloseReason.CLOCK,
        rows,
        rows,
        rows,
        "",
        GatePart.NONE,
        Map.of(),
        queries);
  }
}
