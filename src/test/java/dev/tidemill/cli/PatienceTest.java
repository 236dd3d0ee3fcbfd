package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.definition.Unavailable;
import dev.tidemill.extract.ExtractorProgress;
import dev.tidemill.load.LoaderProgress;
import dev.tidemill.server.RunProgress;
import dev.tidemill.server.RunStart;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private static final Optional<String> BUSY = Optional.of("Source orders: busy");

  private long minutes;
  private final Patience patience =
      new Patience(Duration.ofMinutes(10), () -> TimeUnit.MINUTES.toNanos(minutes));

  private static RunProgress progress(
      long rows, Optional<String> source, LoaderProgress.State state, Optional<String> target) {
    return new RunProgress(
        List.of(new ExtractorProgress(rows, 0, 0, 0, 0, 0, false, Optional.empty(), source)),
        List.of(),
        List.of(),
        0,
        0,
        List.of(),
        Map.of(),
        List.of(new LoaderProgress("duckdb:out", state, 0, 0, true, target)),
        false,
        Optional.empty(),
        RunStart.FIRST);
  }

  private void look(long rows, Optional<String> source) {
    patience.look(progress(rows, source, LoaderProgress.State.LOADING, Optional.empty()));
  }

  @Test
  void who_is_slow_without_trouble_may_take_its_time() {
    for (minutes = 0; minutes < 100; minutes++) {
      assertThatCode(() -> look(7, Optional.empty())).doesNotThrowAnyException();
    }
  }

  @Test
  void trouble_that_comes_and_goes_ends_it_if_nothing_comes_further() {
    look(7, Optional.empty());
    minutes = 3;
    look(7, BUSY);
    minutes = 9;
    look(7, Optional.empty()); // it is being asked again
    minutes = 10;
    assertThatThrownBy(() -> look(7, Optional.empty()))
        .isInstanceOf(Unavailable.class)
        .hasMessageStartingWith("Source orders: busy")
        .hasMessageContainingAll("no further for 10m", "--give-up-after", "Nothing is lost");
  }

  @Test
  void whatever_comes_further_makes_it_wait_anew() {
    look(7, BUSY);
    minutes = 9;
    look(8, BUSY);
    minutes = 18;
    look(8, BUSY);
    minutes = 19;
    assertThatThrownBy(() -> look(8, BUSY)).isInstanceOf(Unavailable.class);
  }

  @Test
  void a_target_that_is_tried_again_and_again_ends_it_and_one_that_refuses_a_batch_does_not() {
    Optional<String> error = Optional.of("duckdb:out: connection refused");
    patience.look(progress(7, Optional.empty(), LoaderProgress.State.LOADING, error));
    minutes = 20;
    patience.look(progress(7, Optional.empty(), LoaderProgress.State.LOADING, error));
    assertThatThrownBy(
            () ->
                patience.look(progress(7, Optional.empty(), LoaderProgress.State.RETRYING, error)))
        .hasMessageStartingWith("Target duckdb:out: connection refused");
  }

  @Test
  void all_that_does_not_answer_is_named_a_line_each() {
    Optional<String> refused = Optional.of("duckdb:out: connection refused");
    patience.look(progress(7, BUSY, LoaderProgress.State.RETRYING, refused));
    minutes = 10;
    assertThatThrownBy(
            () -> patience.look(progress(7, BUSY, LoaderProgress.State.RETRYING, refused)))
        .hasMessageStartingWith(
            "Source orders: busy%nTarget duckdb:out: connection refused%nThe run".formatted());
  }
}
