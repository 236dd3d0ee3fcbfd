package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.Books;
import dev.tidemill.batch.EventClock;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.SourceSpan;
import dev.tidemill.schema.Headers;
import dev.tidemill.schema.Reject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** One log with records of every kind, and what became of each: rules 4, 6, 8, 10 and 12. */
@ExtendWith(Cluster.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VerdictTest {
  private static final Event MINUS_ONE = new Event(Instant.ofEpochMilli(-1), "a", 1);

  private TestPipeline pipeline;
  private List<LedgerEntry> ledger;
  private Map<Long, Reject> rejects;
  private byte[] truncated;
  private byte[] random;

  @BeforeAll
  void run(Cluster cluster) {
    pipeline =
        new TestPipeline(
            cluster,
            Spec.sums(2)
                .grace(Duration.ofMinutes(10))
                .expect("k-is-known", "k <> 'unknown'")
                .soonIdle());
    pipeline.write(0, Event.of("2024-03-10T05:10:00", "a", 2)); // 0: accepted
    pipeline.write(0, Event.of("2024-03-10T05:20:00", "a", -1)); // 1: filtered
    byte[] whole = pipeline.bytes(Event.of("2024-03-10T05:30:00", "a"));
    truncated = Arrays.copyOf(whole, whole.length - 1);
    random = new byte[100];
    new Random(1).nextBytes(random);
    garbage(null); // 2
    garbage(new byte[0]); // 3
    garbage(new byte[] {1, 0, 0, 0, 1, 7}); // 4: another magic
    garbage(truncated); // 5
    garbage(new byte[] {0, 0x7f, 0, 0, 0, 7}); // 6: a schema that nobody registered
    pipeline.send( // 7
        new ProducerRecord<>(
            pipeline.source(), 0, "key".getBytes(StandardCharsets.UTF_8), random, trusted()));
    pipeline.write(0, Event.of("2024-03-10T05:30:00", "unknown")); // 8: breaks the rule
    pipeline.write(0, new Event(Instant.ofEpochMilli(Long.MAX_VALUE), "a", 1)); // 9
    pipeline.write(0, new Event(Instant.ofEpochMilli(Long.MIN_VALUE), "a", 1)); // 10
    pipeline.write(0, new Event(Instant.now().plus(Duration.ofDays(3653)), "a", 1)); // 11
    pipeline.write(0, MINUS_ONE); // 12
    pipeline.write(0, Event.of("2024-03-10T07:15:00", "a", -1)); // 13: filtered, ends 05 and 06
    pipeline.write(0, Event.of("2024-03-10T05:50:00", "a")); // 14: late
    pipeline.write(0, Event.of("2024-03-10T06:59:59", "a")); // 15: late
    pipeline.write(0, Event.of("2024-03-10T08:20:00", "unknown")); // 16: rejected, ends 07
    pipeline.write(0, Event.of("2024-03-10T07:59:00", "a")); // 17: late
    pipeline.write(0, Event.of("2024-03-10T09:30:00", "a", 9)); // 18: accepted, ends 08
    pipeline.write(0, Event.of("2024-03-10T08:59:00", "a")); // 19: late
    pipeline.write(1, Event.of("2024-03-10T05:40:00", "b", 3)); // by its own clock in time
    pipeline.start();
    ledger = pipeline.awaitPublished();
    rejects =
        pipeline.rejects().stream().collect(Collectors.toMap(Reject::offset, reject -> reject));
  }

  @AfterAll
  void close() {
    pipeline.close();
  }

  private void garbage(byte[] value) {
    pipeline.send(new ProducerRecord<>(pipeline.source(), 0, null, value));
  }

  /** A foreign producer's record that claims to be an extractor's. */
  private static List<Header> trusted() {
    return List.of(new RecordHeader(Headers.END_OF_INPUT, new byte[] {42}));
  }

  private Books books(String hour) {
    return entry(hour).books();
  }

  private LedgerEntry entry(String hour) {
    Instant start = Instant.parse("2024-03-10T" + hour + ":00:00Z");
    return ledger.stream().filter(e -> e.batch().start().equals(start)).findFirst().orElseThrow();
  }

  private SourceSpan span(String hour, int partition) {
    return entry(hour).spans().stream()
        .filter(span -> span.partition() == partition)
        .findFirst()
        .orElseThrow();
  }

  private static long time(String time) {
    return Instant.parse("2024-03-10T" + time + ":00Z").toEpochMilli();
  }

  private static Books books(int accepted, int filtered, int rejected, int late) {
    return new Books(
        accepted + filtered + rejected + late, accepted, filtered, rejected, 0, late, 0);
  }

  @Test
  void rule_04_a_filtered_record_moves_the_clock() {
    assertThat(rejects.get(14L).step()).isEqualTo("late");
    assertThat(rejects.get(15L).step()).isEqualTo("late");
  }

  @Test
  void rule_04_a_record_that_broke_a_rule_moves_the_clock() {
    assertThat(rejects.get(17L).step()).isEqualTo("late");
  }

  @Test
  void rule_04_the_verdict_is_given_by_the_clock_before_the_record() {
    assertThat(pipeline.rows("2024-03-10T09:00:00")).containsExactly("[a, 1, 9.0]");
    assertThat(rejects.get(19L).step()).isEqualTo("late");
  }

  @Test
  void rule_04_late_is_by_the_clock_of_the_records_own_partition() {
    assertThat(pipeline.rows("2024-03-10T05:00:00")).containsExactly("[a, 1, 2.0]", "[b, 1, 3.0]");
  }

  @Test
  void rule_06_every_record_of_a_batch_has_one_verdict() {
    assertThat(books("05")).isEqualTo(books(2, 1, 1, 1));
    assertThat(books("06")).isEqualTo(books(0, 0, 0, 1));
    assertThat(books("07")).isEqualTo(books(0, 1, 0, 1));
    assertThat(books("08")).isEqualTo(books(0, 0, 1, 1));
    assertThat(books("09")).isEqualTo(books(1, 0, 0, 0));
    assertThat(ledger).allMatch(LedgerEntry::balances);
  }

  @Test
  void rule_06_records_without_a_batch_are_counted_apart() {
    assertThat(pipeline.view().withoutBatch()).isEqualTo(10);
    assertThat(pipeline.view().accountedFor()).isEqualTo(pipeline.written());
  }

  @Test
  void rule_06_there_is_one_reject_for_each_rejected_late_or_batchless_record() {
    assertThat(rejects.keySet())
        .containsExactlyInAnyOrder(
            2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 14L, 15L, 16L, 17L, 19L);
  }

  @Test
  void rule_08_garbage_of_every_kind_is_rejected_and_stops_nothing() {
    assertThat(List.of(2L, 3L, 4L, 5L, 6L, 7L))
        .extracting(offset -> rejects.get(offset).step(), offset -> rejects.get(offset).batch())
        .containsOnly(tuple("decode", Optional.empty()));
  }

  @Test
  void rule_08_a_reject_has_the_original_bytes_headers_and_place() {
    Reject reject = rejects.get(7L);
    assertThat(reject.place()).isEqualTo(pipeline.source() + "-0@7");
    assertThat(reject.key().orElseThrow()).asString().isEqualTo("key");
    assertThat(reject.value()).contains(random);
    assertThat(reject.headers()).hasSize(1);
    assertThat(reject.headers().get(0).name()).isEqualTo("tidemill.end-of-input");
    assertThat(reject.headers().get(0).value()).contains(new byte[] {42});
    assertThat(rejects.get(5L).value()).contains(truncated);
    assertThat(rejects.get(2L).value()).isEmpty();
  }

  @Test
  void rule_08_a_broken_rule_is_named_with_the_batch() {
    assertThat(rejects.get(8L).step()).isEqualTo("expect");
    assertThat(rejects.get(8L).reason()).isEqualTo("k-is-known");
    assertThat(rejects.get(8L).batch()).contains(Instant.parse("2024-03-10T05:00:00Z"));
  }

  @Test
  void rule_10_absurd_timestamps_are_refused_and_move_no_clock() {
    assertThat(List.of(9L, 10L, 11L))
        .extracting(offset -> rejects.get(offset).step(), offset -> rejects.get(offset).batch())
        .containsOnly(tuple("event-time", Optional.empty()));
    assertThat(rejects.get(11L).reason()).contains("max-ahead");
  }

  @Test
  void rule_10_a_time_before_keep_can_be_merged_nowhere() {
    assertThat(rejects.get(12L).reason()).startsWith("PAST_KEEP");
    assertThat(rejects.get(12L).batch()).isEmpty();
    assertThat(ledger)
        .extracting(LedgerEntry::batch)
        .extracting(Batch::id)
        .first()
        .isEqualTo("2024-03-10T05:00:00Z");
  }

  @Test
  void rule_12_the_ledger_knows_from_where_and_how_a_batch_can_be_run_again() {
    assertThat(span("05", 0))
        .extracting(SourceSpan::firstOffset, SourceSpan::lastOffset, SourceSpan::clockBefore)
        .containsExactly(0L, 14L, EventClock.NO_TIME);
    assertThat(span("07", 0))
        .extracting(SourceSpan::firstOffset, SourceSpan::lastOffset, SourceSpan::clockBefore)
        .containsExactly(13L, 17L, time("05:30"));
    assertThat(span("08", 0))
        .extracting(SourceSpan::firstOffset, SourceSpan::lastOffset, SourceSpan::clockBefore)
        .containsExactly(16L, 19L, time("07:15"));
    assertThat(span("05", 1).firstOffset()).isZero();
    assertThat(entry("09").spans()).hasSize(1);
  }
}
