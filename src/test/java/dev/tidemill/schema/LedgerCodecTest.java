package dev.tidemill.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.Books;
import dev.tidemill.batch.CloseReason;
import dev.tidemill.batch.EarlyResult;
import dev.tidemill.batch.JoinCount;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.LedgerEntry.Share;
import dev.tidemill.batch.Quarantine;
import dev.tidemill.batch.SourceSpan;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.avro.Schema;

final class LedgerCodecTest {
  private final LedgerCodec codec = LedgerCodec.register(new InMemoryRegistry(), "ledger-value");

  @Property(tries = 200)
  void every_entry_comes_back_as_it_was(@ForAll("entries") LedgerEntry entry)
      throws DecodeException {
    assertThat(codec.decode(codec.encode(entry))).isEqualTo(entry);
  }

  @Example
  void the_schema_knows_every_state_and_every_close_reason() {
    Schema reason = codec.schema().getField("close_reason").schema().getTypes().get(1);
    assertThat(codec.schema().getField("state").schema().getEnumSymbols())
        .isEqualTo(Arrays.stream(BatchState.values()).map(Enum::name).toList());
    assertThat(reason.getEnumSymbols())
        .isEqualTo(Arrays.stream(CloseReason.values()).map(Enum::name).toList());
  }

  @Provide
  Arbitrary<LedgerEntry> entries() {
    Arbitrary<Batch> batches = RecordArbitraries.batches();
    return Combinators.combine(
            Arbitraries.strings(),
            batches,
            Arbitraries.integers().between(1, Integer.MAX_VALUE),
            Arbitraries.of(BatchState.class),
            Arbitraries.of(CloseReason.class).optional(),
            books(),
            spans().list().ofMaxSize(3),
            Combinators.combine(
                    parts(),
                    ledgerMaps(),
                    RecordArbitraries.quarantines().optional(),
                    Combinators.combine(parts(), batches.map(Batch::start))
                        .as(EarlyResult::new)
                        .optional())
                .as(Parts::new))
        .as(
            (pipeline, batch, attempt, state, reason, books, spans, parts) ->
                new LedgerEntry(
                    pipeline,
                    batch,
                    attempt,
                    state,
                    reason,
                    books,
                    spans,
                    parts.shares(),
                    parts.loaded(),
                    batch.end(),
                    pipeline,
                    parts.quarantine(),
                    parts.early()));
  }

  private record Parts(
      List<Share> shares,
      Map<String, Long> loaded,
      Optional<Quarantine> quarantine,
      Optional<EarlyResult> early) {}

  private static Arbitrary<List<Share>> parts() {
    Arbitrary<Long> counts = Arbitraries.longs();
    return Combinators.combine(
            Arbitraries.integers(),
            counts,
            counts,
            counts,
            RecordArbitraries.gateParts(),
            joins(),
            ledgerMaps())
        .as(Share::new)
        .list()
        .ofMaxSize(3);
  }

  private static Arbitrary<Map<String, Long>> ledgerMaps() {
    return Arbitraries.maps(Arbitraries.strings(), Arbitraries.longs()).ofMaxSize(3);
  }

  private static Arbitrary<SourceSpan> spans() {
    Arbitrary<Long> offsets = Arbitraries.longs();
    return Combinators.combine(
            Arbitraries.strings(),
            Arbitraries.integers(),
            offsets,
            offsets,
            offsets,
            books(),
            Arbitraries.longs(),
            Combinators.combine(ledgerMaps(), joins()).as(Map::entry))
        .as(
            (topic, partition, first, last, clock, books, checksum, maps) ->
                new SourceSpan(
                    topic,
                    partition,
                    first,
                    last,
                    clock,
                    books,
                    checksum,
                    maps.getKey(),
                    maps.getValue()));
  }

  private static Arbitrary<Map<String, JoinCount>> joins() {
    Arbitrary<Long> counts = Arbitraries.longs().greaterOrEqual(0);
    return Arbitraries.maps(
            Arbitraries.strings(), Combinators.combine(counts, counts, counts).as(JoinCount::new))
        .ofMaxSize(3);
  }

  private static Arbitrary<Books> books() {
    Arbitrary<Long> counts = Arbitraries.longs().greaterOrEqual(0);
    return Combinators.combine(counts, counts, counts, counts, counts, counts)
        .as(
            (read, accepted, filtered, rejected, duplicate, late) ->
                new Books(
                    read, accepted, filtered, rejected, duplicate, late, late / 2, late / 3, read));
  }
}
