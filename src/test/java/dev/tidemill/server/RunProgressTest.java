package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.Expected;
import dev.tidemill.batch.PartitionRead;
import dev.tidemill.extract.ExtractorProgress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a run to the end is at its end. */
class RunProgressTest {
  private static final int EXTRACTED = 3;

  /** All rows are extracted, and belong to no batch, as far as they are read. */
  private static RunProgress progress(boolean counted, PartitionRead... reads) {
    long read = List.of(reads).stream().mapToLong(PartitionRead::read).sum();
    ExtractorProgress extractor =
        new ExtractorProgress(
            EXTRACTED,
            0,
            1,
            1,
            0,
            0,
            true,
            Optional.empty(),
            Optional.empty(),
            counted,
            Expected.NOTHING,
            List.of(),
            0);
    return new RunProgress(
        List.of(extractor),
        List.of(),
        List.of(),
        read,
        read,
        List.of(reads),
        Map.of(),
        List.of(),
        false,
        Optional.empty(),
        RunStart.FIRST);
  }

  @Test
  void what_was_extracted_is_read() {
    RunProgress whole =
        progress(
            true, new PartitionRead("t", 0, 2, 2, 2, 0), new PartitionRead("t", 1, 1, 1, 1, 0));
    assertThat(whole.isComplete()).isTrue();
    assertThat(whole.unequal()).isEmpty();
  }

  @Test
  void as_many_records_as_were_extracted_are_not_those_that_were() {
    PartitionRead foreign = new PartitionRead("t", 0, 1, 1);
    assertThat(progress(true, foreign, new PartitionRead("t", 1, 2, 2, 2, 0)).isComplete())
        .isFalse();
    PartitionRead both = new PartitionRead("t", 0, 2, 2, 1, -1);
    RunProgress end = progress(true, both, new PartitionRead("t", 1, 2, 2, 2, 0));
    assertThat(end.isComplete()).isTrue();
    assertThat(end.unequal()).containsExactly(both);
    assertThat(end.isBalanced()).isFalse();
  }

  @Test
  void who_does_not_count_can_not_be_asked() {
    assertThat(progress(false, new PartitionRead("t", 0, 3, 3)).isComplete()).isTrue();
    assertThat(progress(false, new PartitionRead("t", 0, 2, 2)).isComplete()).isFalse();
  }
}
