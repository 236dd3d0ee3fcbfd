package dev.tidemill.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.schema.Reject.Cut;
import dev.tidemill.schema.Reject.RejectHeader;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RejectCodecTest {
  private final RejectCodec codec =
      RejectCodec.register(new InMemoryRegistry(), "rejects-value", 1000);

  @Test
  void a_value_within_the_limit_is_kept_whole() throws DecodeException {
    Reject kept = codec.decode(codec.encode(reject("why", new byte[900], List.of())));
    assertThat(kept.isWhole()).isTrue();
    assertThat(kept.value().orElseThrow()).hasSize(900);
  }

  @Test
  void a_value_above_the_limit_is_cut_and_its_length_and_hash_are_kept() throws Exception {
    byte[] value = new byte[5000];
    value[0] = 7;
    Reject kept = codec.decode(codec.encode(reject("why", value, List.of())));
    assertThat(kept.isWhole()).isFalse();
    assertThat(kept.value().orElseThrow()).hasSizeLessThan(1000).startsWith(7);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(value);
    assertThat(kept.valueCut()).contains(new Cut(5000, HexFormat.of().formatHex(hash)));
  }

  @Test
  void whatever_is_large_the_encoded_reject_is_bounded() {
    RejectHeader header = new RejectHeader("name", Optional.of(new byte[100]));
    Reject reject =
        new Reject(
            "t",
            0,
            0,
            0,
            "decode",
            "\u20ac".repeat(5000),
            Optional.empty(),
            Optional.of(new byte[5000]),
            Optional.of(new byte[5000]),
            Collections.nCopies(100, header));
    assertThat(codec.encode(reject)).hasSizeLessThan(1300);
  }

  @Test
  void dropped_headers_are_counted() throws DecodeException {
    RejectHeader header = new RejectHeader("name", Optional.of(new byte[100]));
    Reject kept =
        codec.decode(codec.encode(reject("why", new byte[0], Collections.nCopies(100, header))));
    assertThat(kept.droppedHeaders()).isEqualTo(98);
    assertThat(kept.isWhole()).isFalse();
  }

  @Test
  void a_reject_that_was_cut_keeps_its_first_length_when_it_is_encoded_again() throws Exception {
    Reject once = codec.decode(codec.encode(reject("why", new byte[5000], List.of())));
    Reject twice = codec.decode(codec.encode(once));
    assertThat(twice.valueCut()).isEqualTo(once.valueCut());
  }

  private static Reject reject(String reason, byte[] value, List<RejectHeader> headers) {
    return new Reject(
        "t",
        0,
        0,
        0,
        "decode",
        reason,
        Optional.empty(),
        Optional.empty(),
        Optional.of(value),
        headers);
  }
}
