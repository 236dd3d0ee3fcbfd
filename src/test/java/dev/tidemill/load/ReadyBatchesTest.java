package dev.tidemill.load;

import static dev.tidemill.load.Given.DAY;
import static dev.tidemill.load.Given.entry;
import static dev.tidemill.load.Given.ready;
import static dev.tidemill.load.Given.share;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.EarlyResult;
import dev.tidemill.batch.LedgerEntry;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadyBatchesTest {
  private final ReadyBatches ready = new ReadyBatches();

  @Test
  void the_latest_attempt_that_is_ready_counts() {
    ready.accept(ready(DAY, 2, share(2, 1)));
    ready.accept(ready(DAY, 1, share(1, 1)));

    assertThat(ready.latest(DAY.start())).contains(ready(DAY, 2, share(2, 1)));
  }

  @Test
  void an_attempt_that_failed_has_not_to_be_there() {
    ready.accept(ready(DAY, 1, share(1, 1)));
    ready.accept(entry(BatchState.FAILED, DAY, 1, share(1, 1)));

    assertThat(ready.batches()).isEmpty();
  }

  @Test
  void an_attempt_that_is_loaded_still_has_to_be_there() {
    ready.accept(ready(DAY, 1, share(1, 1)));
    ready.accept(entry(BatchState.LOADED, DAY, 1, share(1, 1)));

    assertThat(ready.batches()).containsExactly(DAY.start());
  }

  @Test
  void an_attempt_that_is_open_does_not_hide_the_one_before() {
    ready.accept(ready(DAY, 1, share(1, 1)));
    ready.accept(entry(BatchState.OPEN, DAY, 2));

    assertThat(ready.latest(DAY.start())).contains(ready(DAY, 1, share(1, 1)));
  }

  @Test
  void an_early_result_is_news_when_a_share_has_written_anew() {
    assertThat(ready.accept(open(share(1, 1), share(0, 0)))).isTrue();
    assertThat(ready.accept(open(share(1, 1), share(0, 0)))).as("more was read").isFalse();
    assertThat(ready.accept(open(share(1, 1), share(1, 2)))).isTrue();

    assertThat(ready.latest(DAY.start()))
        .hasValueSatisfying(
            early -> {
              assertThat(early.attempt()).isEqualTo(LedgerEntry.EARLY);
              assertThat(early.resultRows()).isEqualTo(3);
            });
  }

  @Test
  void an_early_result_has_not_to_be_there_once_the_batch_closes() {
    ready.accept(open(share(1, 1)));
    ready.accept(closing(share(1, 1)));
    assertThat(ready.batches()).isEmpty();

    ready.accept(open(share(1, 1)));
    assertThat(ready.accept(ready(DAY, 1, share(2, 1)))).isTrue();
    assertThat(ready.latest(DAY.start())).contains(ready(DAY, 1, share(2, 1)));
  }

  private static LedgerEntry open(LedgerEntry.Share... early) {
    return withEarly(BatchState.OPEN, early);
  }

  private static LedgerEntry closing(LedgerEntry.Share... early) {
    return withEarly(BatchState.CLOSING, early);
  }

  private static LedgerEntry withEarly(BatchState state, LedgerEntry.Share... early) {
    LedgerEntry entry = entry(state, DAY, 1);
    return new LedgerEntry(
        entry.pipeline(),
        entry.batch(),
        entry.attempt(),
        entry.state(),
        entry.closeReason(),
        entry.books(),
        entry.spans(),
        entry.shares(),
        entry.loaded(),
        entry.updatedAt(),
        entry.note(),
        entry.quarantine(),
        Optional.of(new EarlyResult(List.of(early), DAY.start())));
  }
}
