package dev.tidemill.load;

import static dev.tidemill.load.Given.DAY;
import static dev.tidemill.load.Given.entry;
import static dev.tidemill.load.Given.ready;
import static dev.tidemill.load.Given.share;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.BatchState;
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
}
