package dev.tidemill.schema;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.Breach;
import dev.tidemill.batch.GatePart;
import dev.tidemill.batch.Quarantine;
import dev.tidemill.batch.Release;
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

  static Arbitrary<Release> releases() {
    return Combinators.combine(Arbitraries.strings(), instants(), Arbitraries.strings())
        .as(Release::new);
  }

  static Arbitrary<GatePart> gateParts() {
    return Arbitraries.bytes().array(byte[].class).ofMaxSize(9).map(GatePart::new);
  }

  static Arbitrary<Quarantine> quarantines() {
    Arbitrary<String> texts = Arbitraries.strings();
    Arbitrary<Breach> breaches =
        Combinators.combine(texts, texts, texts, texts.list().ofMaxSize(2)).as(Breach::new);
    return Combinators.combine(breaches.list().ofMinSize(1).ofMaxSize(2), releases().optional())
        .as(Quarantine::new);
  }

  static Arbitrary<Batch> batches() {
    return Combinators.combine(instants(), Arbitraries.longs().between(1, 1L << 40))
        .as((start, millis) -> new Batch(start, start.plusMillis(millis)));
  }
}
