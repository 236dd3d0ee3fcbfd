package dev.tidemill.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.LedgerEntry.Share;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a source was expected to have, what was extracted of it, and what was read. */
class SourceCountsTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  private static SourceCounts of(PartitionRead... partitions) {
    return new SourceCounts("flights", List.of(partitions));
  }

  private static PartitionRead read(int partition, long extracted, long missing, Expected said) {
    return new PartitionRead("flights", partition, 2, 1, extracted, missing, said);
  }

  private static LedgerEntry closing(Share share) {
    Batch batch = new FixedCalendar(Duration.ofDays(1), Duration.ZERO).batchOf(START);
    SourceSpan span = new SourceSpan("flights", 0, 0, 1, 0, Books.EMPTY, 0);
    return new LedgerEntry(
        "p",
        batch,
        1,
        BatchState.CLOSING,
        Optional.empty(),
        Books.EMPTY,
        List.of(span),
        List.of(share),
        Map.of(),
        START,
        "");
  }

  @Test
  void they_are_those_of_all_its_partitions() {
    List<SourceCounts> sources =
        SourceCounts.of(
            List.of(
                new PartitionRead("b", 0, 7, 0),
                new PartitionRead("a", 0, 2, 1, 2, 0, new Expected(1005, 0)),
                new PartitionRead("a", 1, 1003, 1, 1003, 0, new Expected(1005, 0))));
    assertThat(sources)
        .extracting(SourceCounts::toString)
        .containsExactly("a: 1,005 rows expected, 1,005 extracted, 1,005 read", "b: 7 read");
    assertThat(sources.get(0).withoutBatch()).isEqualTo(2);
    assertThat(sources.get(1).extracted()).isEqualTo(OptionalLong.empty());
    assertThat(sources).allMatch(SourceCounts::agree);
    assertThat(sources).allSatisfy(s -> assertThat(s.differences(List.of())).isEmpty());
  }

  @Test
  void records_that_are_missing_are_told_by_their_partition_though_another_has_too_many() {
    SourceCounts counts = of(read(0, 3, 1, Expected.NOTHING), read(1, 1, -1, Expected.NOTHING));
    assertThat(counts.agree()).isFalse();
    assertThat(counts.differences(List.of()))
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .startsWith("flights-0: 3 records were extracted, but 2 read: some are lost.")
                    .endsWith("extract it anew, by a pipeline of another name."),
            second ->
                assertThat(second)
                    .startsWith(
                        "flights-1: 1 records were extracted, but 2 read: something else writes"
                            + " there."));
  }

  @Test
  void files_are_named_as_far_as_they_are_known() {
    SourceCounts counts = of(read(0, 2, 0, new Expected(9, 3)), read(1, 2, 0, new Expected(9, 3)));
    assertThat(counts.differences(List.of("a.csv has 2 rows, and its manifest says 3")))
        .containsExactly(
            "a.csv has 2 rows, and its manifest says 3. Batches with its records are held back"
                + " until the rest of the file is there, or a manifest with the right number.",
            "flights: 2 files are not, or not yet, read to the rows that the manifest of each"
                + " says. Batches with its records are held back until then.");
  }

  @Test
  void a_batch_is_held_back_by_a_partition_of_which_it_has_records() {
    LedgerEntry whole = closing(Share.EMPTY);
    assertThat(of(read(0, 2, 0, new Expected(3, 1))).holdBack(whole)).isTrue();
    assertThat(of(read(0, 3, 1, Expected.NOTHING)).holdBack(whole)).isTrue();
    assertThat(of(read(0, 2, 0, new Expected(2, 0))).holdBack(whole)).as("it agrees").isFalse();
    assertThat(of(read(1, 3, 1, Expected.NOTHING)).holdBack(whole)).as("another's").isFalse();
    assertThat(of(read(0, 3, 1, Expected.NOTHING)).holdBack(closing(Share.UNHEARD)))
        .as("it is not whole yet")
        .isFalse();
  }
}
