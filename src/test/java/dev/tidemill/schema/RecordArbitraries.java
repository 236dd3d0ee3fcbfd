package dev.tidemill.schema;

import dev.tidemill.batch.Batch;
import java.time.Instant;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Values that several property tests need. */
final class RecordArbitraries {
  private RecordArbitraries() {}

  static Arbitrary<Instant> instants() {
    return Arbitraries.longs()
        .between(Instant.MIN.getEpochSecond() / 10_000, Instant.MAX.getEpochSecond() / 10_000)
        .map(seconds -> Instant.ofEpochMilli(seconds * 1000 + 123));
  }

  static Arbitrary<Batch> batches() {
    return Combinators.combine(instants(), Arbitraries.longs().between(1, 1L << 40))
        .as((start, millis) -> new Batch(start, start.plusMillis(millis)));
  }
}
