package dev.tidemill.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.batch.Ack;
import dev.tidemill.batch.CloseReason;
import dev.tidemill.batch.EndOfShare;
import dev.tidemill.schema.Reject.RejectHeader;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class RecordCodecTest {
  private final InMemoryRegistry registry = new InMemoryRegistry();
  private final AckCodec acks = AckCodec.register(registry, "acks-value");
  private final EndOfShareCodec ends = EndOfShareCodec.register(registry, "end-of-share");
  private final RejectCodec rejects = RejectCodec.register(registry, "rejects-value");

  @Property(tries = 100)
  void every_ack_comes_back_as_it_was(@ForAll("acks") Ack ack) throws DecodeException {
    assertThat(acks.decode(acks.encode(ack))).isEqualTo(ack);
  }

  @Property(tries = 100)
  void every_end_of_a_share_comes_back_as_it_was(@ForAll("ends") EndOfShare end)
      throws DecodeException {
    assertThat(ends.decode(ends.encode(end))).isEqualTo(end);
  }

  @Property(tries = 100)
  void every_reject_comes_back_as_it_was(@ForAll("rejects") Reject reject) throws DecodeException {
    assertThat(rejects.decode(rejects.encode(reject))).usingRecursiveComparison().isEqualTo(reject);
  }

  @Example
  void the_end_mark_knows_every_close_reason() {
    assertThat(ends.schema().getField("reason").schema().getEnumSymbols())
        .isEqualTo(Arrays.stream(CloseReason.values()).map(Enum::name).toList());
  }

  @Property(tries = 200)
  void broken_bytes_are_an_end_mark_or_a_decode_exception(
      @ForAll("ends") EndOfShare end, @ForAll int at, @ForAll byte with) {
    byte[] bytes = ends.encode(end);
    bytes[Math.floorMod(at, bytes.length)] = with;
    try {
      ends.decode(bytes);
    } catch (DecodeException expected) {
      assertThat(expected).hasMessageMatching("(?s).+");
    }
  }

  @Example
  void bytes_of_another_record_are_refused() {
    assertThatThrownBy(() -> acks.decode(new byte[] {0, 0, 0, 0, 99}))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("99");
  }

  @Provide
  Arbitrary<Ack> acks() {
    return Combinators.combine(
            Arbitraries.strings(),
            RecordArbitraries.instants(),
            Arbitraries.integers(),
            Arbitraries.longs(),
            Arbitraries.strings(),
            RecordArbitraries.releases().optional())
        .as(Ack::new);
  }

  @Provide
  Arbitrary<EndOfShare> ends() {
    return Combinators.combine(
            RecordArbitraries.batches(),
            Arbitraries.integers(),
            Arbitraries.integers(),
            Arbitraries.of(CloseReason.class),
            Arbitraries.longs(),
            Arbitraries.longs(),
            Arbitraries.longs(),
            Arbitraries.strings())
        .as(
            (batch, share, attempt, reason, merged, checksum, rows, failure) ->
                new EndOfShare(batch, share, attempt, reason, merged, checksum, rows, failure))
        .flatMap(
            end ->
                RecordArbitraries.gateParts()
                    .map(
                        gates ->
                            new EndOfShare(
                                end.batch(),
                                end.share(),
                                end.attempt(),
                                end.reason(),
                                end.merged(),
                                end.checksum(),
                                end.rows(),
                                end.failure(),
                                gates,
                                Map.of(),
                                Map.of("q", end.rows()))));
  }

  @Provide
  Arbitrary<Reject> rejects() {
    Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(20);
    Arbitrary<String> texts = Arbitraries.strings();
    Arbitrary<List<RejectHeader>> headers =
        Combinators.combine(texts, bytes.optional()).as(RejectHeader::new).list().ofMaxSize(3);
    return Combinators.combine(
            texts,
            texts,
            Arbitraries.longs(),
            Arbitraries.integers(),
            RecordArbitraries.instants().optional(),
            bytes.optional(),
            bytes.optional(),
            headers)
        .as(
            (topic, reason, offset, partition, batch, key, value, list) ->
                new Reject(
                    topic,
                    partition,
                    offset,
                    batch.map(Instant::toEpochMilli).orElse(offset),
                    reason,
                    reason,
                    batch,
                    key,
                    value,
                    list));
  }
}
